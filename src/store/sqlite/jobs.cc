// Jobs in SQLite.
#include "base/error.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

#include <fmt/format.h>

namespace store {
namespace {

std::optional<Job> read_job(SqliteConnection& connection, std::string_view id) {
  std::optional<Job> job = read_job_state(connection, id);
  if (!job) return std::nullopt;
  job->request = read_request(connection, id);
  job->sealed_credentials = read_credentials(connection, id);
  return job;
}

[[noreturn]] void throw_ended(std::string_view id) {
  throw base::Error(base::Fault::conflict, fmt::format("job {} has ended, or does not exist", id));
}

void count_end(SqliteConnection& connection, std::string_view id, JobState state,
               base::UnixSeconds now) {
  SqliteQuery query(connection, "SELECT account_id FROM jobs WHERE id = ?");
  query.text(id).next();
  std::string const account = query.read_text();
  bool const success = state == JobState::success;
  add_usage(connection, account, success ? Counted::zips_succeeded : Counted::zips_failed, 1, now);
  if (!success) return;
  std::uint64_t const bytes = read_plan(connection, id).sum(&ArchiveFacts::archive_bytes);
  add_usage(connection, account, Counted::zipped_bytes, bytes, now);
}

void check_active(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(connection,
                    "SELECT 1 FROM jobs WHERE id = ? AND state NOT IN ('SUCCESS', 'FAILURE')");
  if (!query.text(id).next()) throw_ended(id);
}

void insert_row(SqliteConnection& connection, Job const& job) {
  base::check(job.state == JobState::pending, "a new job is pending");
  check_may_work(connection, job.account_id);
  SqliteQuery(connection,
              "INSERT INTO jobs (id, account_id, api_version, target_bucket, target_key, state,"
              " created_at) VALUES (?, ?, ?, ?, ?, 'PENDING', ?)")
      .text(job.id)
      .text(job.account_id)
      .number(job.api_version)
      .text(job.target_bucket)
      .text(job.target_key)
      .number(job.created_at)
      .run();
  insert_request(connection, job.id, job.request);
  insert_credentials(connection, job.id, job.sealed_credentials);
  insert_expiry(connection, job.id, job.expiry);
  add_usage(connection, job.account_id, Counted::zips, 1, job.created_at);
}

}  // namespace

std::optional<Job> read_job_state(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(connection,
                    "SELECT id, account_id, api_version, target_bucket, target_key, state, error,"
                    " created_at, started_at,"
                    " ended_at, attempts, upload_archive, upload_bucket, upload_key, upload_id,"
                    " upload_part_bytes, entries_done, bytes_done, sealed_result, cancelled,"
                    " cleaning FROM jobs"
                    " WHERE id = ?");
  query.text(id);
  if (!query.next()) return std::nullopt;
  Job job;
  job.id = query.read_text();
  job.account_id = query.read_text();
  job.api_version = query.read_number<int>();
  job.target_bucket = query.read_text();
  job.target_key = query.read_text();
  job.state = parse_job_state(query.read_text());
  job.error = query.read_text();
  job.created_at = query.read_number();
  job.started_at = query.read_number();
  job.ended_at = query.read_number();
  job.attempts = query.read_number<int>();
  job.upload.archive = query.read_number<std::uint64_t>();
  job.upload.bucket = query.read_text();
  job.upload.key = query.read_text();
  job.upload.upload_id = query.read_text();
  job.upload.part_bytes = query.read_number<std::uint64_t>();
  job.progress.entries_done = query.read_number<std::uint64_t>();
  job.progress.bytes_done = query.read_number<std::uint64_t>();
  job.sealed_result = query.read_text();
  if (query.read_number() != 0) job.state = JobState::cancelled;
  job.cleaning = query.read_number() != 0;
  job.plan = read_plan(connection, id);
  job.expiry = read_expiry(connection, id);
  return job;
}

// Durable: the client is told the id, and goes on asking for it.
void SqliteStore::insert_job(Job const& job) {
  insert_job_once(job, {});
}

std::string SqliteStore::insert_job_once(Job const& job, Once const& once) {
  return database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    auto const earlier = use_once(connection, job.account_id, once, job.id);
    if (earlier) return *earlier;
    insert_row(connection, job);
    return job.id;
  });
}

std::optional<Job> SqliteStore::find_job(std::string_view id) {
  return database_->read([id](SqliteConnection& connection) { return read_job(connection, id); });
}

std::optional<Job> SqliteStore::find_job_state(std::string_view id) {
  return database_->read(
      [id](SqliteConnection& connection) { return read_job_state(connection, id); });
}

std::uint64_t SqliteStore::count_jobs(JobState state) {
  return database_->read([state](SqliteConnection& connection) {
    SqliteQuery query(connection, "SELECT count(*) FROM jobs WHERE state = ? AND cancelled = ?");
    query.text(name(state)).number(state == JobState::cancelled).next();
    return query.read_number<std::uint64_t>();
  });
}

// A claim that a power cut undoes is made again.
std::optional<Job> SqliteStore::claim_next_job(base::UnixSeconds now) {
  return database_->write(WriteMode::relaxed, [now](SqliteConnection& connection) {
    std::string id;
    {
      SqliteQuery query(connection,
                        "SELECT id FROM jobs WHERE state IN ('PENDING', 'RETRY')"
                        " AND account_id NOT IN (SELECT id FROM accounts WHERE disabled)"
                        " ORDER BY created_at, rowid LIMIT 1");
      if (!query.next()) return std::optional<Job>();
      id = query.read_text();
    }
    SqliteQuery(connection,
                "UPDATE jobs SET started_at = CASE attempts WHEN 0 THEN ? ELSE started_at END,"
                " state = 'STARTED', attempts = attempts + 1 WHERE id = ?")
        .number(now)
        .text(id)
        .run();
    return read_job(connection, id);
  });
}

std::size_t SqliteStore::requeue_started_jobs() {
  return database_->write(WriteMode::relaxed, [](SqliteConnection& connection) {
    SqliteQuery(connection, "UPDATE jobs SET cleaning = 2 WHERE cleaning <> 0").run();
    return SqliteQuery(connection, "UPDATE jobs SET state = 'RETRY' WHERE state = 'STARTED'").run();
  });
}

// Durable: later attempts obey the plan, whatever happens to the machine in between.
void SqliteStore::freeze_job(std::string_view id, PlanFacts const& plan) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    check_active(connection, id);
    write_plan(connection, id, plan);
  });
}

// Durable: an upload whose id is forgotten is never aborted, and its parts are paid for.
void SqliteStore::set_upload(std::string_view id, Upload const& upload) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    check_active(connection, id);
    SqliteQuery(
        connection,
        "UPDATE jobs SET upload_archive = ?, upload_bucket = ?, upload_key = ?, upload_id = ?,"
        " upload_part_bytes = ? WHERE id = ?")
        .number(upload.archive)
        .text(upload.bucket)
        .text(upload.key)
        .text(upload.upload_id)
        .number(upload.part_bytes)
        .text(id)
        .run();
  });
}

void SqliteStore::set_progress(std::string_view id, Progress const& progress) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    check_active(connection, id);
    SqliteQuery(connection, "UPDATE jobs SET entries_done = ?, bytes_done = ? WHERE id = ?")
        .number(progress.entries_done)
        .number(progress.bytes_done)
        .text(id)
        .run();
  });
}

// Durable: a client that has seen the end does not see the job run again.
bool SqliteStore::finish_job(std::string_view id, JobState state, std::string_view error,
                             std::string_view sealed_result, base::UnixSeconds now) {
  base::check(state == JobState::success || state == JobState::failure,
              "a job ends as success or failure");
  bool const ended = database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    std::size_t const changed =
        SqliteQuery(connection,
                    "UPDATE jobs SET state = ?, error = ?, sealed_result = ?, ended_at = ?"
                    " WHERE id = ? AND state NOT IN ('SUCCESS', 'FAILURE')")
            .text(name(state))
            .text(error)
            .blob(sealed_result)
            .number(now)
            .text(id)
            .run();
    if (!changed) return false;
    bool const leaves_something =
        SqliteQuery(connection,
                    "UPDATE jobs SET cleaning = 2 WHERE id = ? AND state = 'FAILURE'"
                    " AND (upload_id <> '' OR upload_archive > 0)")
            .text(id)
            .run() > 0;
    bool const expires = state == JobState::success && begin_expiry(connection, id, now);
    if (!leaves_something && !expires) erase_credentials(connection, id);
    count_end(connection, id, state, now);
    return true;
  });
  if (!ended) return false;
  database_->note_erasure();
  return true;
}

}  // namespace store
