#include "jobs/runner.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "jobs/run_job.h"
#include "net/deadline.h"
#include "net/task_group.h"

#include <fmt/format.h>

namespace jobs {

using base::Error;
using base::Fault;

Runner::Runner(Tools const& tools, std::vector<net::Executor> const& loops, std::size_t workers)
    : tools_(tools) {
  for (std::size_t i = 0; i < workers; ++i) {
    std::string session = fmt::format("{}/{}", tools.session, i);
    workers_.push_back(std::make_unique<Worker>(loops[i % loops.size()], std::move(session)));
  }
}

void Runner::start() {
  for (auto const& worker : workers_)
    net::spawn_detached(worker->loop, work(*worker), "job runner");
}

void Runner::wake() {
  ++wakes_;
  for (auto const& worker : workers_)
    net::post(worker->loop, [&worker = *worker] { worker.woken.notify_all(); });
}

net::task<void> Runner::work(Worker& worker) {
  for (;;) {
    std::uint64_t const wakes_before = wakes_;
    bool ran = false;
    try {
      ran = co_await run_next(worker);
    } catch (Error const& error) {
      worker.may_have_lost = true;
      base::log_error(fmt::format("job runner: {}", error.what()));
    }
    if (!ran) co_await wait_for_work(worker, wakes_before);
  }
}

// False if no job waits. A job whose claim came to us as an error, or whose end could not be
// stored, is run by no worker: it is due again.
net::task<bool> Runner::run_next(Worker& worker) {
  if (worker.may_have_lost) co_await tools_.store.jobs.requeue(worker.session, base::unix_now());
  worker.may_have_lost = false;
  std::optional<store::Job> job =
      co_await tools_.store.jobs.claim(worker.session, base::unix_now());
  if (!job) co_return false;
  co_await run_job(tools_, *std::move(job));
  co_return true;
}

net::task<void> Runner::wait_for_work(Worker& worker, std::uint64_t wakes_before) {
  if (wakes_ != wakes_before) co_return;
  try {
    // A job whose pause is over wakes no worker.
    net::task<void> waiting = worker.woken.wait();
    co_await net::with_deadline(std::move(waiting), tools_.look_interval, "waiting for a job");
  } catch (Error const& error) {
    if (error.fault() != Fault::timeout) throw;
  }
}

}  // namespace jobs
