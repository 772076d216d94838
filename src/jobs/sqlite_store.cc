#include "jobs/sqlite_store.h"

#include "jobs/sqlite_database.h"

namespace jobs {

SqliteStore::SqliteStore(SqliteOptions const& options)
    : database_(std::make_unique<SqliteDatabase>(options)) {}

SqliteStore::~SqliteStore() = default;

std::optional<std::string> SqliteStore::get_setting(std::string_view name) {
  return database_->read([&](SqliteConnection& connection) {
    SqliteQuery query(connection, "SELECT value FROM settings WHERE name = ?");
    query.text(name);
    std::optional<std::string> value;
    if (query.next()) value = query.read_text();
    return value;
  });
}

void SqliteStore::set_setting(std::string_view name, std::string_view value) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    SqliteQuery(connection, "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)")
        .text(name)
        .text(value)
        .run();
  });
}

// Nothing is changed; the lock for writing is taken, which another process may hold.
void SqliteStore::check_usable() {
  database_->write(WriteMode::relaxed, [](SqliteConnection& connection) {
    SqliteQuery(connection, "SELECT 1 FROM settings LIMIT 1").next();
  });
}

}  // namespace jobs
