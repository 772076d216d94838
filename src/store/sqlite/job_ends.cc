// Jobs in SQLite that are cancelled or run anew, and their chores in the bucket after that.
#include "base/limits.h"
#include "store/sqlite/accounts.h"
#include "store/sqlite/job_rows.h"
#include "store/sqlite/jobs.h"
#include "store/sqlite/owned_rows.h"

namespace store {
namespace {

// The runner of a running job cleans up, and keeps its hold until then. A waiting job may have
// written, if it has a plan; a queued one has not.
void end_row(SqliteConnection& connection, Job const& job, EarlyEnd const& end,
             base::UnixSeconds now) {
  bool const runs = job.state == JobState::running;
  bool const left = job.state == JobState::waiting && job.plan.frozen;
  SqliteQuery(connection,
              "UPDATE jobs SET state = ?, error = ?, ended_at = ?3, settled_at = ?3, due_at = 0,"
              " cleaning = ?4, clean_due_at = ?5, clean_failures = 0 WHERE id = ?6")
      .text(name(end.state))
      .text(end.error)
      .number(now)
      .number(runs || left)
      .number(left ? now : 0)
      .text(job.id)
      .run();
  if (!runs && !left) erase_credentials(connection, job.id);
}

bool make_queued(SqliteConnection& connection, Retry const& retry) {
  return SqliteQuery(connection,
                     "UPDATE jobs SET state = 'queued', session = '', failures = 0, error = '',"
                     " started_at = 0, ended_at = 0, settled_at = 0, entries_done = 0,"
                     " bytes_done = 0, upload_archive = 0, upload_bucket = '', upload_key = '',"
                     " upload_id = '', upload_part_bytes = 0, sealed_result = x'',"
                     " expire_by_kept = ? WHERE id = ? AND state IN ('failed', 'cancelled')"
                     " AND NOT cleaning")
             .number(retry.uses_kept_credentials)
             .text(retry.job_id)
             .run() > 0;
}

bool retry_job(SqliteConnection& connection, Retry const& retry, base::UnixSeconds now) {
  if (!make_queued(connection, retry)) return false;
  erase_credentials(connection, retry.job_id);
  insert_credentials(connection, retry.job_id, retry.sealed_credentials);
  delete_plan(connection, retry.job_id);
  // Chunks go some at a time; those that are left when the new selection comes go when it is
  // frozen.
  mark_selection_dropped(connection, retry.job_id);
  renew_messages(connection, retry.job_id, retry.delivery);
  Job const job = *read_job(connection, retry.job_id);
  check_may_work(connection, job.account_id);
  add_usage(connection, job.account_id, Counted::zips, 1, now);
  return true;
}

char const* select_due(ChoreKind kind) {
  if (kind == ChoreKind::clean) {
    return "SELECT id, attempt, clean_failures FROM jobs WHERE cleaning AND clean_due_at <> 0"
           " AND clean_due_at <= ? ORDER BY clean_due_at LIMIT ?";
  }
  return "SELECT id, attempt, expire_failures FROM jobs WHERE expire_due_at <> 0"
         " AND expire_due_at <= ? ORDER BY expire_due_at LIMIT ?";
}

bool put_off_cleaning(SqliteConnection& connection, Chore const& chore, base::UnixSeconds due_at) {
  return SqliteQuery(connection,
                     "UPDATE jobs SET clean_due_at = ?, clean_failures = clean_failures + 1,"
                     " session = '' WHERE id = ? AND attempt = ? AND cleaning")
             .number(due_at)
             .text(chore.job_id)
             .number(chore.attempt)
             .run() > 0;
}

bool put_off_deletion(SqliteConnection& connection, Chore const& chore, std::string_view note,
                      base::UnixSeconds due_at) {
  return SqliteQuery(connection,
                     "UPDATE jobs SET expire_due_at = ?, expire_failures = expire_failures + 1,"
                     " expire_note = ? WHERE id = ? AND attempt = ? AND expire_due_at <> 0")
             .number(due_at)
             .text(note)
             .text(chore.job_id)
             .number(chore.attempt)
             .run() > 0;
}

bool end_cleaning(SqliteConnection& connection, Chore const& chore) {
  return SqliteQuery(connection,
                     "UPDATE jobs SET cleaning = 0, clean_due_at = 0, upload_id = '', session = ''"
                     " WHERE id = ? AND attempt = ? AND cleaning")
             .text(chore.job_id)
             .number(chore.attempt)
             .run() > 0;
}

bool end_deletion(SqliteConnection& connection, Chore const& chore, ChoreEnd const& end,
                  base::UnixSeconds now) {
  return SqliteQuery(connection,
                     "UPDATE jobs SET expire_due_at = 0, expire_ended_at = ?1, settled_at = ?1,"
                     " expire_deleted = ?2, expire_note = ?3"
                     " WHERE id = ?4 AND attempt = ?5 AND expire_due_at <> 0")
             .number(now)
             .number(end.deleted)
             .text(end.note)
             .text(chore.job_id)
             .number(chore.attempt)
             .run() > 0;
}

}  // namespace

bool end_early(SqliteConnection& connection, std::string_view id, EarlyEnd const& end,
               base::UnixSeconds now) {
  std::optional<Job> const job = read_job(connection, id);
  if (!job || has_ended(job->state)) return false;
  end_row(connection, *job, end, now);
  bool const cancelled = end.state == JobState::cancelled;
  add_usage(connection, job->account_id, cancelled ? Counted::zips_cancelled : Counted::zips_failed,
            1, now);
  make_messages_due(connection, id, now);
  return true;
}

// Durable: a client that was told so does not see the job run on.
net::task<bool> SqliteJobs::cancel(std::string id, base::UnixSeconds now) {
  return work([id = std::move(id), now](SqliteDatabase& database) {
    auto const cancel = [&](SqliteConnection& connection) {
      return end_early(connection, id, {JobState::cancelled, "cancelled"}, now);
    };
    bool const done = database.write(WriteMode::durable, cancel);
    if (done) database.note_erasure();
    return done;
  });
}

// Durable: the client is told so, and goes on asking for the job.
net::task<bool> SqliteJobs::retry(Retry retry, base::UnixSeconds now) {
  return write(WriteMode::durable, [retry = std::move(retry), now](SqliteConnection& connection) {
    return retry_job(connection, retry, now);
  });
}

net::task<std::vector<Chore>> SqliteJobs::due_chores(ChoreKind kind, base::UnixSeconds now) {
  return read([kind, now](SqliteConnection& connection) {
    SqliteQuery query(connection, select_due(kind));
    query.number(now).number(base::limits::chores_at_once);
    std::vector<Chore> chores;
    while (query.next()) {
      chores.push_back({.kind = kind,
                        .job_id = query.read_text(),
                        .attempt = query.read_number<int>(),
                        .failures = query.read_number<int>()});
    }
    return chores;
  });
}

net::task<bool> SqliteJobs::put_off(Chore chore, std::string note, base::UnixSeconds due_at) {
  return write(WriteMode::relaxed, [chore = std::move(chore), note = std::move(note),
                                    due_at](SqliteConnection& connection) {
    return chore.kind == ChoreKind::clean ? put_off_cleaning(connection, chore, due_at)
                                          : put_off_deletion(connection, chore, note, due_at);
  });
}

// Relaxed: a chore that a power cut undoes is done again.
net::task<bool> SqliteJobs::end_chore(Chore chore, ChoreEnd end, base::UnixSeconds now) {
  return work([chore = std::move(chore), end = std::move(end), now](SqliteDatabase& database) {
    auto const end_it = [&](SqliteConnection& connection) {
      bool const cleans = chore.kind == ChoreKind::clean;
      bool const ended =
          cleans ? end_cleaning(connection, chore) : end_deletion(connection, chore, end, now);
      if (ended) erase_credentials(connection, chore.job_id);
      return ended;
    };
    bool const ended = database.write(WriteMode::relaxed, end_it);
    if (ended) database.note_erasure();
    return ended;
  });
}

}  // namespace store
