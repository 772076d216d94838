// The SQLite file: one connection that writes, a few that read at the same time, transactions on
// them, and SQLite's errors as ours. Thread-safe.
//
// The file is in WAL mode. A committed transaction survives the end of the process in any case. It
// survives a power cut when the log was synced, which a durable transaction does (some ms) and a
// relaxed one does not; the sync of a durable one covers those before it.
//
// Deleted values are overwritten with zeros (secure_delete), but their old pages stay in the log
// until purge_log() cuts it.
#pragma once

#include "base/error.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/store.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

#include <SQLiteCpp/Transaction.h>

namespace store {

enum class WriteMode {
  durable,      // survives a power cut
  relaxed,      // survives the end of the process
  bulk_delete,  // relaxed, and freed pages keep their content: for values that are no secret
};

class SqliteDatabase {
 public:
  // Opens the file, or makes it with mode 0600. Error{config} if it cannot be used, {corrupt} if it
  // is damaged, {unavailable} if it is locked or, for serving, in use.
  explicit SqliteDatabase(SqliteOptions const& options);
  ~SqliteDatabase();
  SqliteDatabase(SqliteDatabase const&) = delete;
  SqliteDatabase& operator=(SqliteDatabase const&) = delete;

  // Runs `body(connection)` in a transaction: committed if it returns, undone if it throws.
  template <class F>
  auto write(WriteMode mode, F body) {
    return translated([&] {
      Writing writing(*this, mode);
      if constexpr (std::is_void_v<decltype(body(*writer_))>) {
        body(*writer_);
        writing.transaction.commit();
      } else {
        auto result = body(*writer_);
        writing.transaction.commit();
        return result;
      }
    });
  }

  // The same on a connection that cannot write: `body` sees one state of the database.
  template <class F>
  auto read(F body) {
    return translated([&] {
      Reading reading(*this);
      return body(*reading.connection);
    });
  }

  // Something secret was deleted: the next purge_log() has work.
  void note_erasure() { purge_due_ = true; }
  // Moves the log into the file and cuts it, if something was erased. A reader may prevent that for
  // now; then the next call tries again.
  void purge_log();

 private:
  class ServingLock;
  struct Writing {
    Writing(SqliteDatabase& database, WriteMode mode);
    std::unique_lock<std::mutex> lock;
    SQLite::Transaction transaction;
  };
  struct Reading {
    explicit Reading(SqliteDatabase& database);
    ~Reading();
    Reading(Reading const&) = delete;
    Reading& operator=(Reading const&) = delete;
    SqliteDatabase& database;
    std::unique_ptr<SqliteConnection> connection;
    std::unique_ptr<SQLite::Transaction> transaction;
  };

  template <class F>
  auto translated(F call) const {
    try {
      return call();
    } catch (SQLite::Exception const& error) {
      throw_as_ours(error);
    }
  }
  [[noreturn]] void throw_as_ours(SQLite::Exception const& error) const;
  void open_patiently(std::chrono::milliseconds patience);
  void open();
  std::unique_ptr<SqliteConnection> connect() const;
  SQLite::Database& writer_in(WriteMode mode);
  std::unique_ptr<SqliteConnection> lease_reader();
  void return_reader(std::unique_ptr<SqliteConnection> reader);

  std::string const path_;
  bool is_open_ = false;  // once and for all
  int const busy_timeout_ms_;
  std::uint64_t const cache_bytes_;
  std::unique_ptr<ServingLock> serving_lock_;
  std::atomic<bool> purge_due_ = true;  // a process before this one may have left something

  std::mutex writer_mutex_;
  std::unique_ptr<SqliteConnection> writer_;
  WriteMode mode_ = WriteMode::durable;

  std::mutex readers_mutex_;
  std::condition_variable reader_returned_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_readers_;
};

// SQLite's result code as an Error that gives the database this name, and says what to do.
base::Error sqlite_error(std::string_view database, int code, std::string_view message);

}  // namespace store
