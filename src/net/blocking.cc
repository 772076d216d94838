#include "net/blocking.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {

namespace asio = boost::asio;

struct BlockingPool::Pool {
  explicit Pool(std::size_t threads) : threads(threads) {}
  asio::thread_pool threads;
};

namespace {

task<void> call_on_pool(std::function<void()> call) {
  call();
  co_return;
}

}  // namespace

BlockingPool::BlockingPool(std::size_t threads) : pool_(std::make_unique<Pool>(threads)) {}

BlockingPool::~BlockingPool() {
  pool_->threads.join();
}

task<void> BlockingPool::run(std::function<void()> call) {
  // The call may hold references into the awaiting task's frame: it is always waited for.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  task<void> work = call_on_pool(std::move(call));
  co_await asio::co_spawn(pool_->threads, std::move(work), asio::use_awaitable);
}

}  // namespace net
