// Jobs in SQLite that are cancelled, and the cleaning of what ended jobs left in the bucket.
//
// A cancelled job is a failure whose column `cancelled` is set. Its column `cleaning`: 0, nothing
// is left; 1, its runner is still at it; 2, anybody may clean.
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

namespace store {

bool end_early(SqliteConnection& connection, std::string_view id, EarlyEnd const& end,
               base::UnixSeconds now) {
  // What waits for its first start has written nothing; what waits for a later one may have.
  bool const changed = SqliteQuery(connection,
                                   "UPDATE jobs SET cleaning = CASE WHEN state = 'STARTED' THEN 1"
                                   " WHEN id IN (SELECT owner_id FROM plans) THEN 2 ELSE 0 END,"
                                   " state = 'FAILURE', cancelled = ?, error = ?, ended_at = ?"
                                   " WHERE id = ? AND state NOT IN ('SUCCESS', 'FAILURE')")
                           .number(end.counted == Counted::zips_cancelled)
                           .text(end.error)
                           .number(now)
                           .text(id)
                           .run() > 0;
  if (!changed) return false;
  bool const is_clean =
      SqliteQuery(connection, "SELECT 1 FROM jobs WHERE id = ? AND cleaning = 0").text(id).next();
  if (is_clean) erase_credentials(connection, id);
  std::optional<Job> const job = read_job_state(connection, id);
  add_usage(connection, job->account_id, end.counted, 1, now);
  return true;
}

// Durable: a client that was told so does not see the job run on.
bool SqliteStore::cancel_job(std::string_view id, base::UnixSeconds now) {
  auto const write = [&](SqliteConnection& connection) {
    return end_early(connection, id, {"cancelled", Counted::zips_cancelled}, now);
  };
  if (!database_->write(WriteMode::durable, write)) return false;
  database_->note_erasure();
  return true;
}

std::vector<std::string> SqliteStore::jobs_to_clean() {
  return database_->read([](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "SELECT id FROM jobs WHERE cleaning <> 0 AND cleaning = 2 ORDER BY ended_at")
        .read_texts();
  });
}

void SqliteStore::hand_over_cleaning(std::string_view job_id) {
  database_->write(WriteMode::relaxed, [job_id](SqliteConnection& connection) {
    SqliteQuery(connection, "UPDATE jobs SET cleaning = 2 WHERE id = ? AND cleaning = 1")
        .text(job_id)
        .run();
  });
}

// Relaxed: what a power cut undoes is done again.
void SqliteStore::end_cleaning(std::string_view job_id) {
  database_->write(WriteMode::relaxed, [job_id](SqliteConnection& connection) {
    std::size_t const changed =
        SqliteQuery(connection,
                    "UPDATE jobs SET cleaning = 0, upload_id = '' WHERE id = ? AND cleaning <> 0")
            .text(job_id)
            .run();
    if (changed) erase_credentials(connection, job_id);
  });
  database_->note_erasure();
}

}  // namespace store
