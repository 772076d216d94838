// Zips in the bucket that expire, in SQLite.
#include "base/limits.h"
#include "jobs/sqlite_database.h"
#include "jobs/sqlite_parts.h"
#include "jobs/sqlite_store.h"

namespace jobs {

void insert_expiry(SqliteConnection& connection, std::string_view job_id, Expiry const& expiry) {
  if (expiry.after_hours == 0) return;
  SqliteQuery(connection,
              "INSERT INTO zip_expiries (owner_id, after_hours, uses_kept_credentials)"
              " VALUES (?, ?, ?)")
      .text(job_id)
      .number(expiry.after_hours)
      .number(expiry.uses_kept_credentials)
      .run();
}

Expiry read_expiry(SqliteConnection& connection, std::string_view job_id) {
  SqliteQuery query(connection,
                    "SELECT after_hours, uses_kept_credentials, expires_at, attempts, ended_at,"
                    " deleted, note FROM zip_expiries WHERE owner_id = ?");
  query.text(job_id);
  if (!query.next()) return {};
  Expiry expiry;
  expiry.after_hours = query.read_number<std::uint32_t>();
  expiry.uses_kept_credentials = query.read_number() != 0;
  expiry.expires_at = query.read_number();
  expiry.attempts = query.read_number<int>();
  expiry.ended_at = query.read_number();
  expiry.deleted = query.read_number() != 0;
  expiry.note = query.read_text();
  return expiry;
}

bool begin_expiry(SqliteConnection& connection, std::string_view job_id, base::UnixSeconds now) {
  Expiry const expiry = read_expiry(connection, job_id);
  if (expiry.after_hours == 0) return false;
  base::UnixSeconds const expires_at = now + base::UnixSeconds{expiry.after_hours} * 3600;
  SqliteQuery(connection,
              "UPDATE zip_expiries SET expires_at = ?, next_attempt_at = ? WHERE owner_id = ?")
      .number(expires_at)
      .number(expires_at)
      .text(job_id)
      .run();
  return !expiry.uses_kept_credentials;
}

std::vector<std::string> SqliteStore::zips_to_delete(base::UnixSeconds now) {
  return database_->read([now](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "SELECT owner_id FROM zip_expiries WHERE expires_at <> 0 AND ended_at = 0"
                       " AND next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?")
        .number(now)
        .number(base::limits::expiry_owners)
        .read_texts();
  });
}

void SqliteStore::note_deletion_failure(std::string_view job_id, std::string_view note,
                                        base::UnixSeconds next_attempt_at) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "UPDATE zip_expiries SET attempts = attempts + 1, note = ?, next_attempt_at = ?"
                " WHERE owner_id = ? AND ended_at = 0")
        .text(note)
        .number(next_attempt_at)
        .text(job_id)
        .run();
  });
}

// Relaxed: what a power cut undoes is done again.
void SqliteStore::end_expiry(std::string_view job_id, bool deleted, std::string_view note,
                             base::UnixSeconds now) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    std::size_t const changed =
        SqliteQuery(connection,
                    "UPDATE zip_expiries SET ended_at = ?, deleted = ?, note = ?"
                    " WHERE owner_id = ? AND expires_at <> 0 AND ended_at = 0")
            .number(now)
            .number(deleted)
            .text(note)
            .text(job_id)
            .run();
    if (changed) erase_credentials(connection, job_id);
  });
  database_->note_erasure();
}

}  // namespace jobs
