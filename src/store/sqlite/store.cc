#include "store/sqlite/store.h"

#include "base/limits.h"
#include "store/sqlite/database.h"

namespace store {

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

// As much is written as a new job may take: on a full disk a few pages would still find their place
// in the log, and a job's would not.
void SqliteStore::check_usable() {
  database_->write(WriteMode::relaxed, [](SqliteConnection& connection) {
    SqliteQuery(connection,
                "INSERT OR REPLACE INTO settings (name, value) VALUES ('ready_check', ?)")
        .text(std::string(base::limits::ready_check_bytes, '-'))
        .run();
  });
}

}  // namespace store
