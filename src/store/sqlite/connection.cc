#include "store/sqlite/connection.h"

#include "base/error.h"

#include <SQLiteCpp/Column.h>

namespace store {
namespace {

// SQLite's own bound (SQLITE_MAX_LENGTH); lengths are ints in its interface.
constexpr std::size_t max_value_bytes = 1'000'000'000;

void check_size(std::string_view value) {
  if (value.size() > max_value_bytes) {
    throw base::Error(base::Fault::too_large, "a value of over 10^9 bytes cannot be stored");
  }
}

}  // namespace

SqliteConnection::SqliteConnection(std::string const& path, int busy_timeout_ms)
    : database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, busy_timeout_ms) {}

SQLite::Statement& SqliteConnection::statement(char const* sql) {
  std::unique_ptr<SQLite::Statement>& known = statements_[sql];
  if (!known) known = std::make_unique<SQLite::Statement>(database_, sql);
  return *known;
}

std::int64_t SqliteConnection::ask_number(char const* sql) {
  return database_.execAndGet(sql).getInt64();
}

std::string SqliteConnection::ask_text(char const* sql) {
  return database_.execAndGet(sql).getString();
}

SqliteQuery::~SqliteQuery() {
  statement_.tryReset();       // reports the last step's error again, which was thrown already
  statement_.clearBindings();  // cannot fail (sqlite3_clear_bindings)
}

SqliteQuery& SqliteQuery::text(std::string_view value) {
  check_size(value);
  statement_.bind(++bound_, std::string(value));
  return *this;
}

SqliteQuery& SqliteQuery::blob(std::string_view value) {
  check_size(value);
  // A null pointer would bind NULL.
  void const* const data = value.empty() ? "" : value.data();
  statement_.bind(++bound_, data, static_cast<int>(value.size()));
  return *this;
}

SqliteQuery& SqliteQuery::bind_number(std::int64_t value) {
  statement_.bind(++bound_, value);
  return *this;
}

bool SqliteQuery::next() {
  column_ = 0;
  return statement_.executeStep();
}

std::size_t SqliteQuery::run() {
  return static_cast<std::size_t>(statement_.exec());
}

std::vector<std::string> SqliteQuery::read_texts() {
  std::vector<std::string> texts;
  while (next()) texts.push_back(read_text());
  return texts;
}

std::string SqliteQuery::read_text() {
  return statement_.getColumn(column_++).getString();
}

std::int64_t SqliteQuery::read_integer() {
  return statement_.getColumn(column_++).getInt64();
}

}  // namespace store
