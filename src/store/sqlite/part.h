// The base of the interfaces in SQLite: the file, and the threads that may wait for it. A verb
// gives its transaction to one of them, with copies of its arguments, and goes on where it was
// awaited.
#pragma once

#include "net/blocking.h"
#include "store/sqlite/database.h"

#include <utility>

namespace store {

class SqlitePart {
 public:
  SqlitePart(SqliteDatabase& database, net::BlockingPool& threads)
      : database_(database), threads_(threads) {}

 protected:
  // Runs `body(connection)` in a transaction (database.h); gives what it gives.
  template <class F>
  auto write(WriteMode mode, F body) {
    return work([mode, body = std::move(body)](SqliteDatabase& database) mutable {
      return database.write(mode, std::ref(body));
    });
  }
  template <class F>
  auto read(F body) {
    return work([body = std::move(body)](SqliteDatabase& database) mutable {
      return database.read(std::ref(body));
    });
  }
  // Runs `call(database)`, which may be several transactions.
  template <class F>
  auto work(F call) {
    return threads_.get(
        [&database = database_, call = std::move(call)]() mutable { return call(database); });
  }

 private:
  SqliteDatabase& database_;
  net::BlockingPool& threads_;
};

}  // namespace store
