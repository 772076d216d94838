// The tables of the SQLite database, and how an older database becomes one of today.
#pragma once

#include "store/sqlite/connection.h"

#include <string>

namespace store {

// The schema that this program writes; PRAGMA user_version holds that of a database.
extern int const sqlite_schema_version;

// Error{config} if the database is another program's, or of a newer version of this one, or of one
// from before the first release. Changes nothing. Runs in a transaction: another process may be
// making the tables at this moment.
void check_sqlite_schema(SqliteConnection& connection, std::string const& path);

// Brings the schema up to date, whole or not at all; safe if several processes do it at once.
void migrate_sqlite_schema(SqliteConnection& connection, std::string const& path);

}  // namespace store
