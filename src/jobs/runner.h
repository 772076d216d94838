// Runs jobs: claims one after the other from the store and assembles its zip in the bucket. Jobs
// that a killed process left behind go on where they stopped.
#pragma once

#include "jobs/tools.h"
#include "net/event.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace jobs {

class Runner {
 public:
  // `workers`: jobs that run at a time, on these loops in turn. The tools are borrowed.
  Runner(Tools const& tools, std::vector<net::Executor> const& loops, std::size_t workers);

  // Takes up work. When the loops stop, jobs under way are dropped: they go on at the next start.
  void start();
  // Tells of a new job. From any thread.
  void wake();

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
  net::task<void> wait_for_work(Worker& worker, std::uint64_t wakes_before);

  Tools const& tools_;
  std::atomic<std::uint64_t> wakes_ = 0;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace jobs
