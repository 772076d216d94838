// Runs jobs: claims one after the other from the store and assembles its zip in the bucket. What a
// killed process left behind goes on where it stopped.
#pragma once

#include "archive/plan/plan.h"
#include "net/event.h"
#include "store/context.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace jobs {

class Runner {
 public:
  // `workers`: jobs that run at a time. The context is borrowed.
  Runner(store::Context const& context, std::size_t workers);

  // Takes up work; jobs that were started by a process that is gone come first. When the loops
  // stop, jobs under way are dropped: they go on at the next start.
  void start();
  // There is a new job. From any thread.
  void wake();

 private:
  struct Worker {
    explicit Worker(store::Loop const& where) : loop(where), woken(where.executor) {}
    store::Loop loop;
    net::Event woken;
  };
  net::task<void> work(Worker& worker);
  net::task<void> wait_for_work(Worker& worker, std::uint64_t wakes_before);

  store::Context const& context_;
  std::atomic<std::uint64_t> wakes_ = 0;
  std::vector<std::unique_ptr<Worker>> workers_;
};

// One job from its claim to its end, whatever happens but cancellation. Exposed for tests.
net::task<void> run_job(store::Context const& context, store::Loop loop, store::Job job);

// Ends a job as cancelled, at once; who runs it, here or elsewhere, stops soon and cleans up. False
// where it has ended already or is unknown.
net::task<bool> cancel_job(store::Context const& context, std::string id);

// The links to a job's zips, sealed for the job, and back.
std::string seal_result(accounts::Keys const& keys, std::string_view job_id,
                        std::vector<std::string> const& urls);
std::vector<std::string> open_result(accounts::Keys const& keys, store::Job const& job);

}  // namespace jobs
