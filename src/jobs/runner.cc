#include "jobs/runner.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "jobs/cleaning.h"
#include "jobs/expiring.h"
#include "net/deadline.h"
#include "net/task_group.h"

#include <fmt/format.h>

namespace jobs {

namespace limits = base::limits;
using base::Error;
using base::Fault;

Runner::Runner(store::Context const& context, std::size_t workers) : context_(context) {
  for (std::size_t i = 0; i < workers; ++i) {
    workers_.push_back(std::make_unique<Worker>(context.loops[i % context.loops.size()]));
  }
}

void Runner::start() {
  std::size_t const left_behind = context_.store.requeue_started_jobs();
  if (left_behind > 0) base::log_info(fmt::format("{} unfinished jobs go on", left_behind));
  for (auto const& worker : workers_) {
    net::spawn_detached(worker->loop.executor, work(*worker), "job runner");
  }
  store::Loop const& first = context_.loops.front();
  net::spawn_detached(first.executor, clean_up_left_jobs(context_, first), "cleaning up");
  net::spawn_detached(first.executor, delete_expired_zips(context_, first), "expired zips");
}

void Runner::wake() {
  ++wakes_;
  for (auto const& worker : workers_) {
    net::post(worker->loop.executor, [&worker = *worker] { worker.woken.notify_all(); });
  }
}

net::task<void> Runner::work(Worker& worker) {
  for (;;) {
    std::uint64_t const wakes_before = wakes_;
    auto const claim = [this] { return context_.store.claim_next_job(base::unix_now()); };
    std::optional<Error> failure;
    std::optional<store::Job> job;
    try {
      job = co_await context_.blocking.get(claim);
      if (job) co_await run_job(context_, worker.loop, std::move(*job));
    } catch (Error const& error) {
      if (error.fault() == Fault::cancelled) throw;
      failure = error;
    }
    if (failure) base::log_error(fmt::format("job runner: {}", failure->what()));
    if (!job || failure) co_await wait_for_work(worker, wakes_before);
  }
}

net::task<void> Runner::wait_for_work(Worker& worker, std::uint64_t wakes_before) {
  if (wakes_ != wakes_before) co_return;
  try {
    // Other nodes do not wake this one: look for their jobs now and then.
    net::task<void> waiting = worker.woken.wait();
    co_await net::with_deadline(std::move(waiting), std::chrono::seconds(2), "waiting for a job");
  } catch (Error const& error) {
    if (error.fault() != Fault::timeout) throw;
  }
}

}  // namespace jobs
