// The tables of the SQLite database, and how an older database becomes one of today.
#pragma once

#include "store/sqlite/connection.h"

#include <string>

namespace store {

// The schema that this program writes; PRAGMA user_version holds that of a database.
extern int const sqlite_schema_version;

// Error{config} where the database is another program's, or a newer version's of this one. Changes
// nothing. In a transaction: another process may be making the tables at this moment.
void check_sqlite_schema(SqliteConnection& connection, std::string const& path);

// Brings the schema up to a version, whole or not at all; safe if many do it at once. Others than
// the newest are for tests.
void migrate_sqlite_schema(SqliteConnection& connection, std::string const& path,
                           int version = sqlite_schema_version);

}  // namespace store
