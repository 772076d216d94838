#include "store/sqlite/jobs.h"

#include "base/error.h"
#include "base/text.h"
#include "store/sqlite/accounts.h"
#include "store/sqlite/job_rows.h"
#include "store/sqlite/owned_rows.h"

#include <limits>

#include <fmt/format.h>

namespace store {
namespace {

JobState parse_state(std::string_view text) {
  for (JobState const state : all_job_states) {
    if (name(state) == text) return state;
  }
  throw base::Error(base::Fault::corrupt, fmt::format("a stored job has the state {}", text));
}

void insert_row(SqliteConnection& connection, Job const& job) {
  base::check(job.state == JobState::queued, "a new job is queued");
  check_may_work(connection, job.account_id);
  SqliteQuery(connection,
              "INSERT INTO jobs (id, account_id, api_version, target_bucket, target_key,"
              " created_at, expire_after_hours, expire_by_kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .text(job.id)
      .text(job.account_id)
      .number(job.api_version)
      .text(job.target_bucket)
      .text(job.target_key)
      .number(job.created_at)
      .number(job.expiry.after_hours)
      .number(job.expiry.uses_kept_credentials)
      .run();
  insert_request(connection, job.id, job.request);
  insert_credentials(connection, job.id, job.sealed_credentials);
  add_usage(connection, job.account_id, Counted::zips, 1, job.created_at);
}

std::string create_job(SqliteConnection& connection, NewJob const& created) {
  Job const& job = created.job;
  auto const earlier = use_once(connection, job.account_id, created.once, job.id);
  if (earlier) return *earlier;
  insert_row(connection, job);
  insert_messages(connection, created.mail, created.delivery);
  return job.id;
}

// Each statement has an index that serves it: a page costs the same however many jobs there are.
std::vector<std::string> list_ids(SqliteConnection& connection, ListQuery const& page,
                                  std::optional<JobState> state) {
  if (!state) {
    SqliteQuery of_all(connection,
                       "SELECT id FROM jobs WHERE account_id = ? AND created_at >= ?"
                       " AND (created_at, id) < (?, ?)"
                       " AND (instr(lower(target_bucket || '/' || target_key), ?) > 0"
                       " OR instr(id, ?) > 0) ORDER BY created_at DESC, id DESC LIMIT ?");
    return read_page(of_all.text(page.account_id), page);
  }
  SqliteQuery of_state(connection,
                       "SELECT id FROM jobs WHERE account_id = ? AND state = ? AND created_at >= ?"
                       " AND (created_at, id) < (?, ?)"
                       " AND (instr(lower(target_bucket || '/' || target_key), ?) > 0"
                       " OR instr(id, ?) > 0) ORDER BY created_at DESC, id DESC LIMIT ?");
  return read_page(of_state.text(page.account_id).text(name(*state)), page);
}

Upload read_upload(SqliteQuery& query) {
  return {.archive = query.read_number<std::uint64_t>(),
          .bucket = query.read_text(),
          .key = query.read_text(),
          .upload_id = query.read_text(),
          .part_bytes = query.read_number<std::uint64_t>()};
}

Expiry read_expiry(SqliteQuery& query) {
  return {.after_hours = query.read_number<std::uint32_t>(),
          .uses_kept_credentials = query.read_number() != 0,
          .expires_at = query.read_number(),
          .failures = query.read_number<int>(),
          .ended_at = query.read_number(),
          .deleted = query.read_number() != 0,
          .note = query.read_text()};
}

}  // namespace

std::optional<Job> read_job(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(
      connection,
      "SELECT id, account_id, api_version, target_bucket, target_key, state, session, attempt,"
      " failures, due_at, error, created_at, started_at, ended_at, upload_archive, upload_bucket,"
      " upload_key, upload_id, upload_part_bytes, entries_done, bytes_done, cleaning,"
      " sealed_result, expire_after_hours, expire_by_kept, expires_at, expire_failures,"
      " expire_ended_at, expire_deleted, expire_note FROM jobs WHERE id = ?");
  if (!query.text(id).next()) return std::nullopt;
  Job job;
  job.id = query.read_text();
  job.account_id = query.read_text();
  job.api_version = query.read_number<int>();
  job.target_bucket = query.read_text();
  job.target_key = query.read_text();
  job.state = parse_state(query.read_text());
  job.session = query.read_text();
  job.attempt = query.read_number<int>();
  job.failures = query.read_number<int>();
  job.due_at = query.read_number();
  job.error = query.read_text();
  job.created_at = query.read_number();
  job.started_at = query.read_number();
  job.ended_at = query.read_number();
  job.upload = read_upload(query);
  job.done.entries = query.read_number<std::uint64_t>();
  job.done.bytes = query.read_number<std::uint64_t>();
  job.cleaning = query.read_number() != 0;
  job.sealed_result = query.read_text();
  job.expiry = read_expiry(query);
  job.plan = read_plan(connection, id);
  return job;
}

std::vector<std::string> read_page(SqliteQuery& query, ListQuery const& page) {
  // The end of the page before, or a place before all jobs.
  ListQuery::Place const newest{std::numeric_limits<base::UnixSeconds>::max(), ""};
  ListQuery::Place const place = page.after.value_or(newest);
  std::string const search = base::to_lower(page.search);
  return query.number(page.created_from)
      .number(place.created_at)
      .text(place.id)
      .text(search)
      .text(search)
      .number(page.limit)
      .read_texts();
}

// Durable: the client is told the id, and goes on asking for it.
net::task<std::string> SqliteJobs::create(NewJob job) {
  return write(WriteMode::durable, [job = std::move(job)](SqliteConnection& connection) {
    return create_job(connection, job);
  });
}

net::task<std::optional<Job>> SqliteJobs::find(std::string id) {
  return read(
      [id = std::move(id)](SqliteConnection& connection) { return read_job(connection, id); });
}

net::task<std::optional<Job>> SqliteJobs::find_whole(std::string id) {
  return read([id = std::move(id)](SqliteConnection& connection) {
    std::optional<Job> job = read_job(connection, id);
    if (!job) return job;
    job->request = read_request(connection, id);
    job->sealed_credentials = read_credentials(connection, id);
    return job;
  });
}

net::task<std::vector<Job>> SqliteJobs::list(ListQuery query, std::optional<JobState> state) {
  return read([query = std::move(query), state](SqliteConnection& connection) {
    std::vector<Job> jobs;
    for (std::string const& id : list_ids(connection, query, state))
      jobs.push_back(*read_job(connection, id));
    return jobs;
  });
}

// Each of the three lists has an index that serves it.
net::task<std::vector<Job>> SqliteJobs::list_unended(std::size_t limit) {
  return read([limit](SqliteConnection& connection) {
    std::vector<Job> jobs;
    for (char const* const sql :
         {"SELECT id FROM jobs WHERE state = 'running' ORDER BY started_at, id LIMIT ?",
          "SELECT id FROM jobs WHERE state = 'waiting' ORDER BY due_at, created_at LIMIT ?",
          "SELECT id FROM jobs WHERE state = 'queued' ORDER BY created_at, rowid LIMIT ?"}) {
      SqliteQuery query(connection, sql);
      for (std::string const& id : query.number(limit - jobs.size()).read_texts())
        jobs.push_back(*read_job(connection, id));
    }
    return jobs;
  });
}

net::task<JobCounts> SqliteJobs::count(std::optional<std::string> account_id) {
  return read([account_id = std::move(account_id)](SqliteConnection& connection) {
    SqliteQuery query(connection, "SELECT state, amount FROM job_counts WHERE account_id = ?");
    query.text(account_id.value_or(""));
    JobCounts counts;
    while (query.next()) {
      JobState const state = parse_state(query.read_text());
      counts[state] = query.read_number<std::uint64_t>();
    }
    return counts;
  });
}

}  // namespace store
