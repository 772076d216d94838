#include "net/deadline.h"

#include "base/error.h"
#include "net/asio_types.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

namespace net {

namespace asio = boost::asio;

task<void> with_deadline(task<void> work, std::chrono::milliseconds limit, std::string what) {
  Executor const executor = co_await asio::this_coro::executor;
  Timer timer(executor, limit);
  auto group = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(work), asio::deferred), timer.async_wait(asio::deferred));
  asio::experimental::wait_for_one const first;
  auto [order, failure, timer_error] = co_await group.async_wait(first, use_task);
  if (order[0] == 0) {
    if (failure) std::rethrow_exception(failure);
    co_return;
  }
  // The timer came first: its time has passed, unless this very task was cancelled.
  if (timer_error) throw base::Cancelled();
  throw base::Error(base::Fault::timeout,
                    fmt::format("{} took longer than {} ms", what, limit.count()));
}

task<bool> until(task<void> work, task<void> end) {
  Executor const executor = co_await asio::this_coro::executor;
  auto group = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(work), asio::deferred),
      asio::co_spawn(executor, std::move(end), asio::deferred));
  asio::experimental::wait_for_one const first;
  auto [order, work_failure, end_failure] = co_await group.async_wait(first, use_task);
  bool const work_came_first = order[0] == 0;
  std::exception_ptr const failure = work_came_first ? work_failure : end_failure;
  if (failure) std::rethrow_exception(failure);
  co_return work_came_first;
}

task<void> sleep(std::chrono::microseconds time) {
  Executor const executor = co_await asio::this_coro::executor;
  Timer timer(executor, time);
  auto [error] = co_await timer.async_wait(asio::as_tuple(use_task));
  if (error) throw base::Cancelled();
}

}  // namespace net
