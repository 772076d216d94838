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
    : tools_(tools), seats_(workers, [this] { wake(); }) {
  for (std::size_t i = 0; i < seats_.most_jobs(); ++i) {
    std::string session = fmt::format("{}/{}", tools.session, i);
    workers_.push_back(std::make_unique<Worker>(loops[i % loops.size()], std::move(session)));
  }
}

void Runner::start() {
  for (auto const& worker : workers_)
    net::spawn_detached(worker->loop, work(*worker), "job runner");
  net::spawn_detached(workers_.front()->loop, look_for_due_jobs(), "job runner");
}

// One worker is enough: if it finds a job, it wakes another one.
void Runner::wake() {
  std::scoped_lock const lock(mutex_);
  ++wakes_;
  if (idle_.empty()) return;
  Worker& worker = *idle_.front();
  idle_.pop_front();
  net::post(worker.loop, [&worker] { worker.woken.notify_all(); });
}

std::uint64_t Runner::wakes() const {
  std::scoped_lock const lock(mutex_);
  return wakes_;
}

// A job whose pause is over, or one of another process, wakes no worker.
net::task<void> Runner::look_for_due_jobs() {
  for (;;) {
    co_await net::sleep(tools_.look_interval);
    wake();
  }
}

net::task<void> Runner::work(Worker& worker) {
  for (;;) {
    std::uint64_t const wakes_before = wakes();
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

// False if no job waits, or none may begin.
net::task<bool> Runner::run_next(Worker& worker) {
  std::optional<Seats::Offer> offer = seats_.offer();
  if (!offer) co_return false;
  std::optional<store::Job> job = co_await claim(worker, offer->most_running);
  if (!job) co_return false;
  wake();
  co_await run_job(tools_, *std::move(job), std::move(offer->seat));
  co_return true;
}

// A job whose claim came to us as an error, or whose end could not be stored, is run by no worker:
// it is due again.
net::task<std::optional<store::Job>> Runner::claim(Worker& worker, std::size_t most_running) {
  if (worker.may_have_lost) co_await tools_.store.jobs.requeue(worker.session, base::unix_now());
  worker.may_have_lost = false;
  store::Turn turn;
  turn.most_running = most_running;
  {
    std::scoped_lock const lock(mutex_);
    turn.after = last_account_;
  }
  std::optional<store::Job> job =
      co_await tools_.store.jobs.claim(worker.session, std::move(turn), base::unix_now());
  if (!job) co_return job;
  std::scoped_lock const lock(mutex_);
  last_account_ = job->account_id;
  co_return job;
}

net::task<void> Runner::wait_for_work(Worker& worker, std::uint64_t wakes_before) {
  {
    std::scoped_lock const lock(mutex_);
    if (wakes_ != wakes_before) co_return;
    idle_.push_back(&worker);
  }
  co_await worker.woken.wait();
}

}  // namespace jobs
