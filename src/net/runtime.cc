#include "net/runtime.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/asio_types.h"
#include "net/task_group.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>

namespace net {

namespace asio = boost::asio;

// A loop ends when it has no work left: once the guard and its own tasks are gone.
struct Runtime::Loop {
  Loop()
      : context(1),
        guard(context.get_executor()),
        own_tasks(context.get_executor()),
        thread([this] { run(); }) {}

  void run() {
    OwnTasks const mine(own_tasks);
    context.run();
    ended = true;
  }

  asio::io_context context{1};  // threads
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  TaskGroup own_tasks;
  std::atomic<bool> ended = false;
  std::thread thread;
};

Runtime::Runtime(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) loops_.push_back(std::make_unique<Loop>());
}

Runtime::~Runtime() {
  stop();
}

std::vector<Executor> Runtime::loops() const {
  std::vector<Executor> executors;
  for (auto const& loop : loops_) executors.emplace_back(loop->context.get_executor());
  return executors;
}

void Runtime::stop() {
  constexpr auto step = std::chrono::milliseconds(10);
  auto const has_ended = [](auto const& loop) { return loop->ended.load(); };
  // A cancelled task ends at once unless it waits for a blocking call: such calls are finished,
  // even those that still wait for a thread.
  constexpr auto longest = 6 * base::limits::shutdown_grace;
  for (auto waited = step; waited < longest; waited += step) {
    if (std::ranges::all_of(loops_, has_ended)) break;
    for (auto const& loop : loops_) {
      // Tasks are cancelled each time anew: one may have begun another since.
      asio::post(loop->context, [&loop = *loop] {
        loop.own_tasks.cancel();
        loop.guard.reset();
      });
    }
    std::this_thread::sleep_for(step);
  }
  base::check(std::ranges::all_of(loops_, has_ended), "every task ends when it is cancelled");
  for (auto const& loop : loops_) {
    if (loop->thread.joinable()) loop->thread.join();
  }
}

task<void> yield() {
  co_await asio::post(use_task);
}

task<Executor> this_loop() {
  co_return co_await asio::this_coro::executor;
}

namespace {

bool ignores(int signal) {
  struct sigaction now{};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

task<int> wait_for_stop_signal(std::function<void()> listening) {
  Executor const executor = co_await asio::this_coro::executor;
  asio::basic_signal_set<Executor> signals(executor, SIGINT, SIGTERM);
  if (listening) listening();
  co_return co_await signals.async_wait(use_task);
}

task<int> wait_for_stop_or_hangup() {
  Executor const executor = co_await asio::this_coro::executor;
  asio::basic_signal_set<Executor> signals(executor, SIGINT, SIGTERM);
  if (!ignores(SIGHUP)) signals.add(SIGHUP);
  co_return co_await signals.async_wait(use_task);
}

// Asio gives a signal back to the system when its last signal_set for it goes.
struct HangupWatch::Registration {
  asio::io_context context{1};
  asio::signal_set signals{context, SIGHUP};
};

HangupWatch::HangupWatch() : registration_(std::make_unique<Registration>()) {}

HangupWatch::~HangupWatch() = default;

struct Hangups::Registration {
  explicit Registration(Executor const& loop) : signals(loop, SIGHUP) {}
  asio::basic_signal_set<Executor> signals;
};

Hangups::Hangups(Executor const& loop) : registration_(std::make_unique<Registration>(loop)) {}

Hangups::~Hangups() = default;

task<void> Hangups::next() {
  co_await registration_->signals.async_wait(use_task);
}

void run_to_end(task<void> work) {
  asio::io_context context(1);
  TaskGroup own_tasks(context.get_executor());
  OwnTasks const mine(own_tasks);
  std::exception_ptr failure;
  asio::co_spawn(context, std::move(work), [&](std::exception_ptr error) {
    failure = error;
    own_tasks.cancel();
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace net
