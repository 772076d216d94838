// Jobs in memory, but for their chores (memory_chores.cc).
#include "base/error.h"
#include "store/testing/memory_verbs.h"

namespace store {
namespace {

using JobRow = MemoryTables::JobRow;

constexpr base::UnixSeconds seconds_an_hour = 3600;

// A row with the fields that a new job is given, and nothing else.
JobRow new_row(Job const& given) {
  JobRow row;
  row.id = given.id;
  row.account_id = given.account_id;
  row.api_version = given.api_version;
  row.target_bucket = given.target_bucket;
  row.target_key = given.target_key;
  row.request = given.request;
  row.sealed_credentials = given.sealed_credentials;
  row.created_at = given.created_at;
  row.expiry.after_hours = given.expiry.after_hours;
  row.expiry.uses_kept_credentials = given.expiry.uses_kept_credentials;
  return row;
}

Job without_large_parts(Job job) {
  job.request.clear();
  job.sealed_credentials.clear();
  return job;
}

bool may_run_anew(JobRow const& job) {
  return (job.state == JobState::failed || job.state == JobState::cancelled) && !job.cleaning;
}

// The job as it was created; its attempts are counted on.
JobRow run_anew(JobRow const& before, Retry const& retry) {
  JobRow row = new_row(before);
  row.attempt = before.attempt;
  row.sealed_credentials = retry.sealed_credentials;
  row.expiry.uses_kept_credentials = retry.uses_kept_credentials;
  return row;
}

void renew_mail(std::vector<Mail>& mails, std::string const& owner_id) {
  for (Mail& mail : mails) {
    if (mail.owner_id != owner_id) continue;
    mail.state = MessageState::waiting;
    mail.round += 1;
    mail.attempts = 0;
    mail.error.clear();
    mail.due_at = 0;
  }
}

// The account whose turn it is; empty if none has a job to take up.
std::string next_account(MemoryTables& tables, Turn const& turn, base::UnixSeconds now) {
  std::map<std::string, std::size_t> running;  // of accounts that have a job to take up
  for (JobRow const& job : tables.jobs) {
    bool const is_ready =
        job.state == JobState::queued || (job.state == JobState::waiting && job.due_at <= now);
    if (is_ready && tables.is_active(job.account_id)) running.emplace(job.account_id, 0);
  }
  for (JobRow const& job : tables.jobs) {
    auto const counted = running.find(job.account_id);
    if (counted != running.end() && job.state == JobState::running) ++counted->second;
  }
  std::erase_if(running, [&](auto const& one) { return one.second >= turn.most_running; });
  auto const place = [&](auto const& one) {
    return std::tuple(one.second, one.first <= turn.after, one.first);
  };
  auto const next = std::ranges::min_element(running, {}, place);
  return next == running.end() ? "" : next->first;
}

// The account's first job that waits and is due, else its first queued one; nullptr if there is
// neither.
JobRow* next_to_run(MemoryTables& tables, std::string const& account_id, base::UnixSeconds now) {
  auto const is_due = [&](JobRow const& job) {
    return job.account_id == account_id && job.state == JobState::waiting && job.due_at <= now;
  };
  auto const is_queued = [&](JobRow const& job) {
    return job.account_id == account_id && job.state == JobState::queued;
  };
  auto const due_first = [](JobRow const& job) { return std::pair(job.due_at, job.created_at); };
  std::vector<JobRow*> next = tables.first(1, tables.jobs, is_due, due_first);
  if (next.empty()) next = tables.first(1, tables.jobs, is_queued, &JobRow::created_at);
  return next.empty() ? nullptr : next.front();
}

// The job is to be taken up again.
void let_wait(JobRow& job, RunEnd const& end) {
  job.state = JobState::waiting;
  job.error = end.error;
  job.due_at = end.due_at;
  job.failures += 1;
}

void begin_expiry(JobRow& job, base::UnixSeconds now) {
  job.expiry.expires_at = now + base::UnixSeconds{job.expiry.after_hours} * seconds_an_hour;
  job.expire_due_at = job.expiry.expires_at;
}

void end(MemoryTables& tables, JobRow& job, RunEnd const& end, base::UnixSeconds now) {
  bool const done = end.state == JobState::done;
  job.state = end.state;
  job.error = end.error;
  job.sealed_result = end.sealed_result;
  job.ended_at = now;
  job.cleaning = !done && (!job.upload.upload_id.empty() || job.upload.archive > 0);
  job.clean_due_at = job.cleaning ? now : 0;
  job.clean_failures = 0;
  bool const expires = done && job.expiry.after_hours > 0;
  if (expires) begin_expiry(job, now);
  bool const keeps_credentials = job.cleaning || (expires && !job.expiry.uses_kept_credentials);
  if (!keeps_credentials) job.sealed_credentials.clear();
  tables.make_messages_due(job.id, now);
  tables.add_usage(job.account_id, done ? Counted::zips_succeeded : Counted::zips_failed, 1, now);
  if (done) tables.add_usage(job.account_id, Counted::zipped_bytes, job.plan.archive_bytes(), now);
}

}  // namespace

net::task<std::string> MemoryJobs::create(NewJob work) {
  std::lock_guard const lock(tables_.mutex);
  Job const& job = work.job;
  base::check(job.state == JobState::queued, "a new job is queued");
  MemoryTables::Beside const beside{.owner_id = job.id,
                                    .account_id = job.account_id,
                                    .once = work.once,
                                    .mail = work.mail,
                                    .delivery = work.delivery};
  auto const earlier = tables_.insert_beside(beside);
  if (earlier) co_return *earlier;
  tables_.jobs.push_back(new_row(job));
  tables_.add_usage(job.account_id, Counted::zips, 1, job.created_at);
  co_return job.id;
}

net::task<std::optional<Job>> MemoryJobs::find(std::string id) {
  std::lock_guard const lock(tables_.mutex);
  JobRow const* const job = tables_.find(tables_.jobs, id);
  if (!job) co_return std::nullopt;
  co_return without_large_parts(*job);
}

net::task<std::optional<Job>> MemoryJobs::find_whole(std::string id) {
  std::lock_guard const lock(tables_.mutex);
  JobRow const* const job = tables_.find(tables_.jobs, id);
  if (!job) co_return std::nullopt;
  co_return *job;
}

net::task<std::vector<Job>> MemoryJobs::list(ListQuery query, std::optional<JobState> state) {
  std::lock_guard const lock(tables_.mutex);
  auto const is_wanted = [&](JobRow const& job) {
    bool const is_sought =
        MemoryTables::holds(query.search, job.id, job.target_bucket + "/" + job.target_key);
    return is_sought && (!state || job.state == *state);
  };
  std::vector<Job> page;
  for (JobRow const* job : tables_.page(tables_.jobs, query, is_wanted))
    page.push_back(without_large_parts(*job));
  co_return page;
}

net::task<std::vector<Job>> MemoryJobs::list_unended(std::size_t limit) {
  std::lock_guard const lock(tables_.mutex);
  std::vector<Job> unended;
  auto const add = [&](JobState state, auto next_first) {
    auto const is_wanted = [state](JobRow const& job) { return job.state == state; };
    std::size_t const room = limit - unended.size();
    for (JobRow const* job : tables_.first(room, tables_.jobs, is_wanted, next_first))
      unended.push_back(without_large_parts(*job));
  };
  add(JobState::running, [](JobRow const& job) { return std::pair(job.started_at, job.id); });
  add(JobState::waiting, [](JobRow const& job) { return std::pair(job.due_at, job.created_at); });
  add(JobState::queued, &JobRow::created_at);
  co_return unended;
}

net::task<JobCounts> MemoryJobs::count(std::optional<std::string> account_id) {
  std::lock_guard const lock(tables_.mutex);
  JobCounts counts;
  for (JobRow const& job : tables_.jobs) {
    if (!account_id || job.account_id == *account_id) counts[job.state] += 1;
  }
  co_return counts;
}

net::task<bool> MemoryJobs::cancel(std::string id, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  JobRow* const job = tables_.find(tables_.jobs, id);
  if (!job) co_return false;
  co_return tables_.end_early(*job, JobState::cancelled, "cancelled", now);
}

net::task<bool> MemoryJobs::retry(Retry retry, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  JobRow* const job = tables_.find(tables_.jobs, retry.job_id);
  if (!job || !may_run_anew(*job)) co_return false;
  tables_.check_may_work(job->account_id);
  *job = run_anew(*job, retry);
  tables_.drop_chunks(job->id);
  renew_mail(tables_.mails, job->id);
  if (retry.delivery) {
    std::erase_if(tables_.deliveries, [&](Delivery const& row) { return row.owner_id == job->id; });
    tables_.deliveries.push_back(*retry.delivery);
  }
  tables_.add_usage(job->account_id, Counted::zips, 1, now);
  co_return true;
}

net::task<std::optional<Job>> MemoryJobs::claim(std::string session, Turn turn,
                                                base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  JobRow* const job = next_to_run(tables_, next_account(tables_, turn, now), now);
  if (!job) co_return std::nullopt;
  job->state = JobState::running;
  job->session = session;
  job->attempt += 1;
  job->due_at = 0;
  if (job->started_at == 0) job->started_at = now;
  co_return *job;
}

net::task<std::size_t> MemoryJobs::requeue(std::optional<std::string> session,
                                           base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  std::size_t count = 0;
  for (JobRow& job : tables_.jobs) {
    bool const runs = job.state == JobState::running;
    bool const cleans = job.cleaning && job.clean_due_at == 0;
    if (!(runs || cleans) || (session && job.session != *session)) continue;
    job.session.clear();
    if (cleans) job.clean_due_at = now;
    if (!runs) continue;
    job.state = JobState::waiting;
    job.due_at = now;
    count += 1;
  }
  co_return count;
}

net::task<bool> MemoryJobs::save(Hold hold, JobNews news) {
  std::lock_guard const lock(tables_.mutex);
  JobRow* const job = tables_.held_job(hold);
  if (!job) co_return false;
  if (news.plan) {
    job->plan = *news.plan;
    job->plan.frozen = true;
    tables_.drop_chunks(job->id, job->plan.chunk_count());
  }
  if (news.upload) job->upload = *news.upload;
  if (news.done) job->done = *news.done;
  co_return true;
}

net::task<bool> MemoryJobs::end_run(Hold hold, RunEnd run_end, base::UnixSeconds now) {
  bool const waits = run_end.state == JobState::waiting;
  base::check(waits || run_end.state == JobState::done || run_end.state == JobState::failed,
              "a run ends as done or failed, or the job waits");
  std::lock_guard const lock(tables_.mutex);
  JobRow* const job = tables_.held_job(hold);
  if (!job) co_return false;
  job->session.clear();
  job->done = run_end.done;
  job->upload = run_end.upload;
  if (waits) {
    let_wait(*job, run_end);
  } else {
    end(tables_, *job, run_end, now);
  }
  co_return true;
}

}  // namespace store
