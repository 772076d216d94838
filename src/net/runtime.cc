#include "net/runtime.h"

#include <csignal>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {

namespace asio = boost::asio;

struct Runtime::Loop {
  Loop() : context(1), guard(context.get_executor()), thread([this] { context.run(); }) {}
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  std::thread thread;
};

Runtime::Runtime(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) loops_.push_back(std::make_unique<Loop>());
}

Runtime::~Runtime() { stop(); }

std::vector<Executor> Runtime::loops() const {
  std::vector<Executor> executors;
  for (auto const& loop : loops_) executors.emplace_back(loop->context.get_executor());
  return executors;
}

void Runtime::stop() {
  for (auto const& loop : loops_) loop->context.stop();
  for (auto const& loop : loops_) {
    if (loop->thread.joinable()) loop->thread.join();
  }
}

task<Executor> this_loop() { co_return co_await asio::this_coro::executor; }

task<int> wait_for_stop_signal() {
  Executor const executor = co_await asio::this_coro::executor;
  asio::signal_set signals(executor, SIGINT, SIGTERM);
  co_return co_await signals.async_wait(asio::use_awaitable);
}

void run_to_end(task<void> work) {
  asio::io_context context(1);
  std::exception_ptr failure;
  asio::co_spawn(context, std::move(work),
                 [&failure](std::exception_ptr error) { failure = error; });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace net
