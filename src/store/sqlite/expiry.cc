// What ends by itself, in SQLite: links, records of jobs, what a dropped selection left, CRCs; and
// zips in the bucket that expire.
#include "base/limits.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

#include <chrono>

namespace store {
namespace {

constexpr std::size_t owners_at_once = base::limits::expiry_owners;

// Up to `owners_at_once` ids whose time, the query's one parameter, is not after `time`.
std::vector<std::string> due_owners(SqliteConnection& connection, char const* sql,
                                    base::UnixSeconds time) {
  return SqliteQuery(connection, sql).number(time).number(owners_at_once).read_texts();
}

base::UnixSeconds ago(base::UnixSeconds now, std::chrono::seconds time) {
  return now - time.count();
}

}  // namespace

bool SqliteStore::remove_expired(base::UnixSeconds now) {
  bool more = erase_expired_streams(now);
  more |= fail_jobs_of_the_disabled(now);
  more |= delete_old_owners(now);
  more |= delete_left_accounts();
  more |= drop_left_chunks();
  more |= forget_unused_crcs(now);
  forget_old_usage(now);
  database_->purge_log();
  return more;
}

bool SqliteStore::erase_expired_streams(base::UnixSeconds now) {
  std::size_t const count =
      database_->write(WriteMode::durable, [now](SqliteConnection& connection) {
        std::vector<std::string> const ids = due_owners(
            connection,
            "SELECT id FROM streams_and_keys WHERE erased = 0 AND (expires_at <= ?"
            " OR signed_by_old_keys OR account_id IN (SELECT id FROM accounts WHERE disabled))"
            " LIMIT ?",
            now);
        for (std::string const& id : ids) {
          SqliteQuery(connection, "UPDATE streams SET erased = 1 WHERE id = ?").text(id).run();
          erase_credentials(connection, id);
          mark_selection_dropped(connection, id);
        }
        return ids.size();
      });
  if (count) database_->note_erasure();
  return count == owners_at_once;
}

// Their credentials are gone already; nothing else that is left of them is secret.
bool SqliteStore::delete_old_owners(base::UnixSeconds now) {
  return database_->write(WriteMode::bulk_delete, [now](SqliteConnection& connection) {
    std::vector<std::string> const jobs = due_owners(
        connection,
        "SELECT id FROM jobs WHERE ended_at <= ?1 AND state IN ('SUCCESS', 'FAILURE')"
        " AND NOT EXISTS (SELECT 1 FROM zip_expiries WHERE owner_id = jobs.id AND expires_at <> 0"
        " AND (zip_expiries.ended_at = 0 OR zip_expiries.ended_at > ?1)) LIMIT ?2",
        ago(now, base::limits::job_retention));
    for (std::string const& id : jobs) {
      delete_parts(connection, id);
      mark_selection_dropped(connection, id);
      SqliteQuery(connection, "DELETE FROM jobs WHERE id = ?").text(id).run();
    }
    std::vector<std::string> const streams = due_owners(
        connection, "SELECT id FROM streams WHERE expires_at <= ? AND erased = 1 LIMIT ?",
        ago(now, base::limits::expired_link_retention));
    for (std::string const& id : streams) {
      delete_parts(connection, id);
      SqliteQuery(connection, "DELETE FROM streams WHERE id = ?").text(id).run();
    }
    return jobs.size() == owners_at_once || streams.size() == owners_at_once;
  });
}

bool SqliteStore::drop_left_chunks() {
  for (std::size_t dropped = 0; dropped < base::limits::expiry_chunks;) {
    std::optional<std::size_t> const step =
        database_->write(WriteMode::bulk_delete, [](SqliteConnection& connection) {
          std::string owner;
          {
            SqliteQuery query(connection, "SELECT owner_id FROM dropped_selections LIMIT 1");
            if (!query.next()) return std::optional<std::size_t>();
            owner = query.read_text();
          }
          return std::optional(drop_some_chunks(connection, owner));
        });
    if (!step) return false;
    dropped += *step;
  }
  return true;
}

// ---- zips in the bucket

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

}  // namespace store
