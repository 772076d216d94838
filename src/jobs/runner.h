// Runs jobs: claims one after the other from the store and assembles its zip in the bucket. Jobs
// that a killed process left behind go on where they stopped.
#pragma once

#include "jobs/seats.h"
#include "jobs/tools.h"
#include "net/event.h"

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace jobs {

class Runner {
 public:
  // `workers`: jobs that run at a time (seats.h), on these loops in turn. The tools are borrowed.
  Runner(Tools const& tools, std::vector<net::Executor> const& loops, std::size_t workers);

  // Takes up work. When the loops stop, jobs under way are dropped: they go on at the next start.
  void start();
  // Tells of a new job. From any thread.
  void wake();
  // Whether a new job would be taken up at once.
  bool has_room() const { return seats_.has_free(); }

 private:
  struct Worker {
    Worker(net::Executor const& where, std::string its_session)
        : loop(where), session(std::move(its_session)), woken(where) {}
    net::Executor loop;
    std::string session;  // its own: a job that it runs while the worker is idle was lost
    net::Event woken;
    bool may_have_lost = false;
  };
  net::task<void> work(Worker& worker);
  net::task<bool> run_next(Worker& worker);
  net::task<std::optional<store::Job>> claim(Worker& worker, std::size_t most_running);
  net::task<void> wait_for_work(Worker& worker, std::uint64_t wakes_before);
  net::task<void> look_for_due_jobs();
  std::uint64_t wakes() const;

  Tools const& tools_;
  Seats seats_;
  std::vector<std::unique_ptr<Worker>> workers_;
  mutable std::mutex mutex_;
  std::uint64_t wakes_ = 0;
  std::deque<Worker*> idle_;  // the one that waits longest is woken first
  std::string last_account_;  // whose job was taken up last
};

}  // namespace jobs
