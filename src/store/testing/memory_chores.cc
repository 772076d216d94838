// Chores in the bucket after the end of jobs, in memory.
#include "base/limits.h"
#include "store/testing/memory_verbs.h"

namespace store {
namespace {

using JobRow = MemoryTables::JobRow;

bool is_pending(JobRow const& job, ChoreKind kind) {
  if (kind == ChoreKind::clean) return job.cleaning;
  return job.expiry.expires_at != 0 && job.expiry.ended_at == 0;
}

// The time at which the chore is due; 0: the job's runner is at it.
base::UnixSeconds due_at(JobRow const& job, ChoreKind kind) {
  return kind == ChoreKind::clean ? job.clean_due_at : job.expire_due_at;
}

Chore chore_of(JobRow const& job, ChoreKind kind) {
  return {.kind = kind,
          .job_id = job.id,
          .attempt = job.attempt,
          .failures = kind == ChoreKind::clean ? job.clean_failures : job.expiry.failures};
}

// nullptr if the chore is no more.
JobRow* job_of(MemoryTables& tables, Chore const& chore) {
  JobRow* const job = tables.find(tables.jobs, chore.job_id);
  bool const is_its = job && job->attempt == chore.attempt;
  return is_its && is_pending(*job, chore.kind) ? job : nullptr;
}

void end_cleaning(JobRow& job) {
  job.cleaning = false;
  job.clean_due_at = 0;
  job.session.clear();
  job.upload.upload_id.clear();
}

void end_expiry(JobRow& job, ChoreEnd const& end, base::UnixSeconds now) {
  job.expiry.ended_at = now;
  job.expiry.deleted = end.deleted;
  job.expiry.note = end.note;
}

}  // namespace

net::task<std::vector<Chore>> MemoryJobs::due_chores(ChoreKind kind, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  auto const when = [kind](JobRow const& job) { return due_at(job, kind); };
  auto const is_due = [&](JobRow const& job) {
    return is_pending(job, kind) && when(job) != 0 && when(job) <= now;
  };
  std::vector<Chore> chores;
  for (JobRow const* job : tables_.first(base::limits::chores_at_once, tables_.jobs, is_due, when))
    chores.push_back(chore_of(*job, kind));
  co_return chores;
}

net::task<bool> MemoryJobs::put_off(Chore chore, std::string note, base::UnixSeconds due_at) {
  std::lock_guard const lock(tables_.mutex);
  JobRow* const job = job_of(tables_, chore);
  if (!job) co_return false;
  if (chore.kind == ChoreKind::clean) {
    job->session.clear();
    job->clean_failures += 1;
    job->clean_due_at = due_at;
  } else {
    job->expiry.note = note;
    job->expiry.failures += 1;
    job->expire_due_at = due_at;
  }
  co_return true;
}

net::task<bool> MemoryJobs::end_chore(Chore chore, ChoreEnd end, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  JobRow* const job = job_of(tables_, chore);
  if (!job) co_return false;
  if (chore.kind == ChoreKind::clean) {
    end_cleaning(*job);
  } else {
    end_expiry(*job, end, now);
  }
  job->sealed_credentials.clear();
  co_return true;
}

}  // namespace store
