// One connection to the SQLite file with its prepared statements, and a query on it. Used by one
// thread at a time; database.h hands connections out.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace store {

class SqliteConnection {
 public:
  SqliteConnection(std::string const& path, int busy_timeout_ms);

  // Prepared once a connection. `sql` is a literal: it is known by its address.
  SQLite::Statement& statement(char const* sql);
  SQLite::Database& database() { return database_; }
  void execute(std::string const& sql) { database_.exec(sql); }
  // The first column of the first row.
  std::int64_t ask_number(char const* sql);
  std::string ask_text(char const* sql);

 private:
  SQLite::Database database_;
  std::unordered_map<char const*, std::unique_ptr<SQLite::Statement>> statements_;
};

// A prepared statement in use: values are bound, and columns read, in their order.
//
//     SqliteQuery query(connection, "SELECT name FROM accounts WHERE id = ?");
//     query.text(id);
//     while (query.next()) names.push_back(query.read_text());
//
// One query at a time for the same `sql` on a connection. Values are copied.
class SqliteQuery {
 public:
  SqliteQuery(SqliteConnection& connection, char const* sql)
      : statement_(connection.statement(sql)) {}
  SqliteQuery(SqliteQuery const&) = delete;
  SqliteQuery& operator=(SqliteQuery const&) = delete;
  ~SqliteQuery();

  SqliteQuery& text(std::string_view value);
  SqliteQuery& blob(std::string_view value);
  // Unsigned values of 64 bits keep their bits.
  SqliteQuery& number(std::integral auto value) {
    return bind_number(static_cast<std::int64_t>(value));
  }

  bool next();        // to the next row; false after the last
  std::size_t run();  // a statement without rows; returns how many rows it changed

  std::string read_text();                // blobs, too
  std::vector<std::string> read_texts();  // the only column, of all rows
  template <std::integral T = std::int64_t>
  T read_number() {
    return static_cast<T>(read_integer());
  }

 private:
  SqliteQuery& bind_number(std::int64_t value);
  std::int64_t read_integer();

  SQLite::Statement& statement_;
  int bound_ = 0;
  int column_ = 0;
};

}  // namespace store
