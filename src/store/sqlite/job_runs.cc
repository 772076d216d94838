// The writes of the runners of jobs, in SQLite. Each statement that changes a job names its hold.
#include "base/error.h"
#include "store/sqlite/accounts.h"
#include "store/sqlite/job_rows.h"
#include "store/sqlite/jobs.h"
#include "store/sqlite/owned_rows.h"

#include <fmt/format.h>

namespace store {
namespace {

std::optional<std::string> next_account(SqliteConnection& connection, Turn const& turn,
                                        base::UnixSeconds now) {
  SqliteQuery query(
      connection,
      "WITH ready(account_id) AS"
      " (SELECT account_id FROM job_counts WHERE state = 'queued' AND amount > 0"
      " AND account_id <> '' UNION"
      " SELECT account_id FROM jobs WHERE state = 'waiting' AND due_at <= ?),"
      " turns AS (SELECT account_id, coalesce((SELECT amount FROM job_counts AS counts"
      " WHERE counts.account_id = ready.account_id AND state = 'running'), 0) AS running FROM ready"
      " WHERE account_id NOT IN (SELECT id FROM accounts WHERE disabled))"
      " SELECT account_id FROM turns WHERE running < ?"
      " ORDER BY running, account_id <= ?, account_id LIMIT 1");
  if (!query.number(now).number(turn.most_running).text(turn.after).next()) return std::nullopt;
  return query.read_text();
}

// A waiting job comes first: it was taken up before, and the queued ones were not.
std::optional<std::string> next_id(SqliteConnection& connection, std::string_view account_id,
                                   base::UnixSeconds now) {
  SqliteQuery waiting(connection,
                      "SELECT id FROM jobs WHERE account_id = ? AND state = 'waiting'"
                      " AND due_at <= ? ORDER BY due_at, created_at, rowid LIMIT 1");
  if (waiting.text(account_id).number(now).next()) return waiting.read_text();
  SqliteQuery queued(connection,
                     "SELECT id FROM jobs WHERE account_id = ? AND state = 'queued'"
                     " ORDER BY created_at, rowid LIMIT 1");
  if (queued.text(account_id).next()) return queued.read_text();
  return std::nullopt;
}

std::optional<Job> claim_job(SqliteConnection& connection, std::string_view session,
                             Turn const& turn, base::UnixSeconds now) {
  std::optional<std::string> const account_id = next_account(connection, turn, now);
  if (!account_id) return std::nullopt;
  std::optional<std::string> const id = next_id(connection, *account_id, now);
  if (!id) return std::nullopt;
  SqliteQuery(connection,
              "UPDATE jobs SET state = 'running', session = ?1, attempt = attempt + 1, due_at = 0,"
              " started_at = CASE started_at WHEN 0 THEN ?2 ELSE started_at END WHERE id = ?3")
      .text(session)
      .number(now)
      .text(*id)
      .run();
  std::optional<Job> job = read_job(connection, *id);
  job->request = read_request(connection, *id);
  job->sealed_credentials = read_credentials(connection, *id);
  return job;
}

void save_upload(SqliteConnection& connection, std::string_view id, Upload const& upload) {
  SqliteQuery(connection,
              "UPDATE jobs SET upload_archive = ?, upload_bucket = ?, upload_key = ?,"
              " upload_id = ?, upload_part_bytes = ? WHERE id = ?")
      .number(upload.archive)
      .text(upload.bucket)
      .text(upload.key)
      .text(upload.upload_id)
      .number(upload.part_bytes)
      .text(id)
      .run();
}

void save_done(SqliteConnection& connection, std::string_view id, Done const& done) {
  SqliteQuery(connection, "UPDATE jobs SET entries_done = ?, bytes_done = ? WHERE id = ?")
      .number(done.entries)
      .number(done.bytes)
      .text(id)
      .run();
}

void let_wait(SqliteConnection& connection, Hold const& hold, RunEnd const& end) {
  SqliteQuery(connection,
              "UPDATE jobs SET state = 'waiting', session = '', failures = failures + 1,"
              " error = ?, due_at = ? WHERE id = ?")
      .text(end.error)
      .number(end.due_at)
      .text(hold.id)
      .run();
}

// Sets the chores in the bucket after the end, and the time from which the row's retention counts.
void set_chores(SqliteConnection& connection, Job const& job, JobState state,
                base::UnixSeconds now) {
  bool const done = state == JobState::done;
  bool const expires = done && job.expiry.after_hours > 0;
  bool const cleaning = !done && (!job.upload.upload_id.empty() || job.upload.archive > 0);
  base::UnixSeconds const expires_at =
      expires ? now + base::UnixSeconds{job.expiry.after_hours} * 3600 : 0;
  SqliteQuery(connection,
              "UPDATE jobs SET cleaning = ?, clean_due_at = ?, clean_failures = 0,"
              " expires_at = ?4, expire_due_at = ?4, settled_at = ?5 WHERE id = ?3")
      .number(cleaning)
      .number(cleaning ? now : 0)
      .text(job.id)
      .number(expires_at)
      .number(expires ? 0 : now)
      .run();
  bool const needs_credentials = cleaning || (expires && !job.expiry.uses_kept_credentials);
  if (!needs_credentials) erase_credentials(connection, job.id);
}

void count_end(SqliteConnection& connection, Job const& job, JobState state,
               base::UnixSeconds now) {
  bool const done = state == JobState::done;
  Counted const counted = done ? Counted::zips_succeeded : Counted::zips_failed;
  add_usage(connection, job.account_id, counted, 1, now);
  if (!done) return;
  add_usage(connection, job.account_id, Counted::zipped_bytes, job.plan.archive_bytes(), now);
}

void finish(SqliteConnection& connection, Hold const& hold, RunEnd const& end,
            base::UnixSeconds now) {
  base::check(end.state == JobState::done || end.state == JobState::failed,
              "a run ends as done, failed or waiting");
  SqliteQuery(connection,
              "UPDATE jobs SET state = ?, session = '', error = ?, sealed_result = ?,"
              " ended_at = ? WHERE id = ?")
      .text(name(end.state))
      .text(end.error)
      .blob(end.sealed_result)
      .number(now)
      .text(hold.id)
      .run();
  Job const job = *read_job(connection, hold.id);
  set_chores(connection, job, end.state, now);
  count_end(connection, job, end.state, now);
  make_messages_due(connection, hold.id, now);
}

}  // namespace

bool holds_job(SqliteConnection& connection, Hold const& hold) {
  SqliteQuery query(connection,
                    "SELECT 1 FROM jobs WHERE id = ? AND state = 'running' AND session = ?"
                    " AND attempt = ?");
  return query.text(hold.id).text(hold.session).number(hold.attempt).next();
}

// Relaxed: a claim that a power cut undoes is made again.
net::task<std::optional<Job>> SqliteJobs::claim(std::string session, Turn turn,
                                                base::UnixSeconds now) {
  return write(WriteMode::relaxed, [session = std::move(session), turn = std::move(turn),
                                    now](SqliteConnection& connection) {
    return claim_job(connection, session, turn, now);
  });
}

net::task<std::size_t> SqliteJobs::requeue(std::optional<std::string> session,
                                           base::UnixSeconds now) {
  return write(WriteMode::relaxed,
               [session = std::move(session).value_or(""), now](SqliteConnection& connection) {
                 SqliteQuery(connection,
                             "UPDATE jobs SET clean_due_at = ?1, session = '' WHERE cleaning"
                             " AND clean_due_at = 0 AND (?2 = '' OR session = ?2)")
                     .number(now)
                     .text(session)
                     .run();
                 return SqliteQuery(connection,
                                    "UPDATE jobs SET state = 'waiting', session = '', due_at = ?1"
                                    " WHERE state = 'running' AND (?2 = '' OR session = ?2)")
                     .number(now)
                     .text(session)
                     .run();
               });
}

// A plan is durable: later attempts obey it, whatever happens to the machine in between. So is an
// upload: one whose id is forgotten is never aborted, and its parts are paid for.
net::task<bool> SqliteJobs::save(Hold hold, JobNews news) {
  WriteMode const mode = news.plan || news.upload ? WriteMode::durable : WriteMode::relaxed;
  return write(mode,
               [hold = std::move(hold), news = std::move(news)](SqliteConnection& connection) {
                 if (!holds_job(connection, hold)) return false;
                 if (news.plan) write_plan(connection, hold.id, *news.plan);
                 if (news.upload) save_upload(connection, hold.id, *news.upload);
                 if (news.done) save_done(connection, hold.id, *news.done);
                 return true;
               });
}

// Durable: a client that has seen the end does not see the job run again.
net::task<bool> SqliteJobs::end_run(Hold hold, RunEnd end, base::UnixSeconds now) {
  return work([hold = std::move(hold), end = std::move(end), now](SqliteDatabase& database) {
    auto const let_go = [&](SqliteConnection& connection) {
      if (!holds_job(connection, hold)) return false;
      save_done(connection, hold.id, end.done);
      save_upload(connection, hold.id, end.upload);
      if (end.state == JobState::waiting) {
        let_wait(connection, hold, end);
      } else {
        finish(connection, hold, end, now);
      }
      return true;
    };
    bool const was_held = database.write(WriteMode::durable, let_go);
    if (was_held) database.note_erasure();
    return was_held;
  });
}

}  // namespace store
