// Jobs as the store keeps them (see accounts.h for what holds for every call): the calls of
// clients, the writes of runners, and the chores in the bucket after a job's end.
#pragma once

#include "net/task.h"
#include "store/records/job.h"
#include "store/records/new_work.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace store {

// Whose turn it is: among the accounts that have a job to take up, and run fewer than
// `most_running`, one that runs the fewest; of several the next behind `after` in the ring of ids.
struct Turn {
  std::string after = {};
  std::size_t most_running = std::numeric_limits<std::int32_t>::max();
};

// News that a runner stores of its job. Freezing a plan drops the chunks of the selection from
// plan.chunk_count() on, and may be done again.
struct JobNews {
  std::optional<PlanFacts> plan = {};
  std::optional<Upload> upload = {};
  std::optional<Done> done = {};
};

// How a runner lets its job go.
struct RunEnd {
  // done; failed; or waiting, which counts a failure: the job is to be taken up again.
  JobState state = JobState::failed;
  std::string error = {};          // why it failed, or waits
  std::string sealed_result = {};  // of one that is done
  Done done = {};
  Upload upload = {};            // what is left of it
  base::UnixSeconds due_at = 0;  // if it waits
};

// Work in the bucket after a job's end, tried until it is done. The job keeps its credentials until
// then.
enum class ChoreKind {
  clean,   // the job failed or was cancelled, and has left something
  expire,  // its zip is to be deleted, as its time is over
};

struct Chore {
  ChoreKind kind = ChoreKind::clean;
  std::string job_id;
  int attempt = 0;   // the job's: a chore of an earlier run is none of the present one's
  int failures = 0;  // so far
  bool operator==(Chore const&) const = default;
};

struct ChoreEnd {
  bool deleted = true;    // of a zip that expires: false, it was given up
  std::string note = {};  // of a zip that expires: why, or what was left alone
};

class Jobs {
 public:
  virtual ~Jobs() = default;

  // The id of the job, or of the one that the same key made before. Error{conflict} if the key came
  // with another request, the id is taken, or the account does not exist; {unauthorized} if the
  // account is disabled.
  virtual net::task<std::string> create(NewJob job) = 0;
  // The job without request and credentials, which can be megabytes: for callers that ask how it
  // goes.
  virtual net::task<std::optional<Job>> find(std::string id) = 0;
  virtual net::task<std::optional<Job>> find_whole(std::string id) = 0;
  // Jobs as find() gives them, the newest first; with `state`, only those in it.
  virtual net::task<std::vector<Job>> list(ListQuery query, std::optional<JobState> state) = 0;
  // Jobs of all accounts that have not ended, as find() gives them: those that run, then those that
  // wait, then those that are queued, each the next to go on first.
  virtual net::task<std::vector<Job>> list_unended(std::size_t limit) = 0;
  virtual net::task<JobCounts> count(std::optional<std::string> account_id) = 0;  // nullopt: of all
  // Ends a job as cancelled. If it has begun to write, it is to be cleaned: by its runner, if it is
  // running, which hears of it by its next write. False, and nothing changes, if it has ended
  // already or is unknown.
  virtual net::task<bool> cancel(std::string id, base::UnixSeconds now) = 0;
  // Makes a job that failed or was cancelled, and left nothing to clean, queued again, as it was
  // when it was created: it selects anew, its mail waits for the new end, and it counts as one zip
  // more. False, and nothing changes, if it has not ended so, is to be cleaned, or is unknown.
  // Error{unauthorized} if its account is disabled.
  virtual net::task<bool> retry(Retry retry, base::UnixSeconds now) = 0;

  // Takes up a job of the account that the turn chooses: one that waits and is due, else the oldest
  // that is queued. No other call gets the same job. nullopt if there is none.
  virtual net::task<std::optional<Job>> claim(std::string session, Turn turn,
                                              base::UnixSeconds now) = 0;
  // Jobs that this session runs (nullopt: any session) are due again, and its cleaning is free for
  // any runner: the session works on none of them any more. Returns the number of jobs that are due
  // again.
  virtual net::task<std::size_t> requeue(std::optional<std::string> session,
                                         base::UnixSeconds now) = 0;
  virtual net::task<bool> save(Hold hold, JobNews news) = 0;
  // If the job ends, its mail and its delivery are due, its credentials are erased unless something
  // is left to do with them (a failure that has an upload or finished archives is to be cleaned, a
  // zip that expires to be deleted). Its selection stays as long as its row, for the report.
  virtual net::task<bool> end_run(Hold hold, RunEnd end, base::UnixSeconds now) = 0;

  // The chores that are due, the first due first; limits::chores_at_once at most.
  virtual net::task<std::vector<Chore>> due_chores(ChoreKind kind, base::UnixSeconds now) = 0;
  // An attempt has failed, or its runner leaves the cleaning to others. False if the chore is no
  // more.
  virtual net::task<bool> put_off(Chore chore, std::string note, base::UnixSeconds due_at) = 0;
  // Erases the credentials. False if the chore is no more.
  virtual net::task<bool> end_chore(Chore chore, ChoreEnd end, base::UnixSeconds now) = 0;
};

}  // namespace store
