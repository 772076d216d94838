// Jobs in SQLite. Its methods stand in jobs.cc (calls of clients), job_runs.cc (writes of runners)
// and job_ends.cc (cancelling, running anew, and the chores afterwards).
#pragma once

#include "store/jobs.h"
#include "store/sqlite/part.h"

namespace store {

class SqliteJobs final : public Jobs, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<std::string> create(NewJob job) override;
  net::task<std::optional<Job>> find(std::string id) override;
  net::task<std::optional<Job>> find_whole(std::string id) override;
  net::task<std::vector<Job>> list(ListQuery query, std::optional<JobState> state) override;
  net::task<std::vector<Job>> list_unended(std::size_t limit) override;
  net::task<JobCounts> count(std::optional<std::string> account_id) override;

  net::task<bool> cancel(std::string id, base::UnixSeconds now) override;
  net::task<bool> retry(Retry retry, base::UnixSeconds now) override;

  net::task<std::optional<Job>> claim(std::string session, Turn turn,
                                      base::UnixSeconds now) override;
  net::task<std::size_t> requeue(std::optional<std::string> session,
                                 base::UnixSeconds now) override;
  net::task<bool> save(Hold hold, JobNews news) override;
  net::task<bool> end_run(Hold hold, RunEnd end, base::UnixSeconds now) override;

  net::task<std::vector<Chore>> due_chores(ChoreKind kind, base::UnixSeconds now) override;
  net::task<bool> put_off(Chore chore, std::string note, base::UnixSeconds due_at) override;
  net::task<bool> end_chore(Chore chore, ChoreEnd end, base::UnixSeconds now) override;
};

}  // namespace store
