// A zip that is put into a bucket, as the store keeps it. Request, credentials and result are
// opaque here: their owners encode, seal and open them.
#pragma once

#include "base/clock.h"
#include "store/records/hold.h"
#include "store/records/plan_facts.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace store {

enum class JobState {
  queued,   // not taken up yet
  running,  // a runner holds it
  waiting,  // an attempt has failed or was cut off: it is taken up again once it is due
  done,     // the three ends: an ended job changes no more, but a failed or cancelled one
  failed,   // may be run anew
  cancelled,
};
inline constexpr std::array all_job_states{JobState::queued,  JobState::running,
                                           JobState::waiting, JobState::done,
                                           JobState::failed,  JobState::cancelled};

constexpr std::string_view name(JobState state) {
  constexpr std::array<std::string_view, all_job_states.size()> names{
      "queued", "running", "waiting", "done", "failed", "cancelled"};
  return names.at(static_cast<std::size_t>(state));
}

constexpr bool has_ended(JobState state) {
  return state == JobState::done || state == JobState::failed || state == JobState::cancelled;
}

// Jobs by their state.
struct JobCounts {
  std::array<std::uint64_t, all_job_states.size()> amounts = {};
  std::uint64_t& operator[](JobState state) { return amounts.at(static_cast<std::size_t>(state)); }
  std::uint64_t operator[](JobState state) const {
    return amounts.at(static_cast<std::size_t>(state));
  }
  bool operator==(JobCounts const&) const = default;
};

struct Done {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  // of the sources
  bool operator==(Done const&) const = default;
};

// The multipart upload that a job fills. upload_id is empty if there is none.
struct Upload {
  std::uint64_t archive = 0;  // its index: those before it are done
  std::string bucket = {};
  std::string key = {};
  std::string upload_id = {};
  std::uint64_t part_bytes = 0;
  bool operator==(Upload const&) const = default;
};

// The expiry of a zip in the bucket, which is deleted some time after it was made.
struct Expiry {
  std::uint32_t after_hours = 0;  // after its job was done; 0: it stays
  // The zip is deleted with the credentials that the account keeps by then; else with the job's
  // own, which stay until then.
  bool uses_kept_credentials = false;
  base::UnixSeconds expires_at = 0;  // 0: the job is not done
  int failures = 0;                  // attempts to delete it that failed
  base::UnixSeconds ended_at = 0;    // deleted, or given up; 0: not yet
  bool deleted = false;
  std::string note = {};  // why the last attempt failed, or what was left alone
  bool operator==(Expiry const&) const = default;
};

struct Job {
  std::string id;          // a uuid
  std::string account_id;  // the owner's; callers compare
  int api_version = 0;     // 1 or 2
  std::string target_bucket;
  std::string target_key;  // of the first archive
  JobState state = JobState::queued;
  std::string session;             // of the runner that holds it, or that cleans up behind its end
  int attempt = 0;                 // 0: not taken up yet
  int failures = 0;                // attempts that failed and were to be made again
  base::UnixSeconds due_at = 0;    // if it is waiting
  std::string request;             // opaque
  std::string sealed_credentials;  // opaque; empty once erased
  std::string error;               // why it failed, or why it waits
  base::UnixSeconds created_at = 0;
  base::UnixSeconds started_at = 0;  // the first time; 0: not yet
  base::UnixSeconds ended_at = 0;    // 0: not yet
  PlanFacts plan;
  Upload upload;
  Done done;
  bool cleaning = false;      // it has ended, and its remains in the bucket are being removed
  std::string sealed_result;  // opaque
  Expiry expiry;
  bool operator==(Job const&) const = default;

  Hold hold() const { return {.id = id, .session = session, .attempt = attempt}; }
};

// The job's links lead nowhere from the second `expires_at` on.
constexpr bool has_expired(Job const& job, base::UnixSeconds now) {
  return job.expiry.expires_at != 0 && job.expiry.expires_at <= now;
}

}  // namespace store
