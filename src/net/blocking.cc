#include "net/blocking.h"

#include "base/error.h"
#include "net/event.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
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

// A call on its way; the pool's thread and the waiting task share it.
struct Call {
  Call(std::function<void()> what, Executor const& loop) : call(std::move(what)), ended(loop) {}
  std::function<void()> call;
  // The parts of a base::Error: copies of one exception share its text, which two threads would
  // then count and free, inside a library that the thread sanitizer does not see into.
  struct Thrown {
    base::Fault fault;
    std::string message;
    std::string code;
  };
  std::optional<Thrown> error;
  std::exception_ptr failure;  // an exception of another kind
  bool done = false;           // belongs to the loop
  Event ended;
};

void make(Call& call) {
  try {
    call.call();
  } catch (base::Error const& error) {
    call.error = Call::Thrown{error.fault(), std::string(error.message()), error.code()};
  } catch (...) {
    call.failure = std::current_exception();
  }
}

// True if the wait was cancelled.
task<bool> wait_for(Call& call) {
  try {
    while (!call.done) co_await call.ended.wait();
  } catch (base::Cancelled const&) {
    co_return true;
  }
  co_return false;
}

}  // namespace

BlockingPool::BlockingPool(std::size_t threads) : pool_(std::make_unique<Pool>(threads)) {}

BlockingPool::~BlockingPool() {
  pool_->threads.join();
}

task<void> BlockingPool::run(std::function<void()> what) {
  Executor const loop = co_await this_loop();
  auto call = std::make_shared<Call>(std::move(what), loop);  // not const: the copy is moved on
  // The pool's thread gives its share of the call away: parts that belong to the loop must not be
  // destroyed on another thread, perhaps after the loop.
  asio::post(pool_->threads, [call, loop]() mutable {
    make(*call);
    asio::post(loop, [call = std::move(call)] {
      call->done = true;
      call->ended.notify_all();
    });
  });
  bool const cancelled = co_await wait_for(*call);
  if (cancelled) {
    // The call may hold references into the awaiting task's frame, so it is waited for even now.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await wait_for(*call);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  }
  if (cancelled) throw base::Cancelled();  // even if the call succeeded: its task is over
  if (call->error) throw base::Error(call->error->fault, call->error->message, call->error->code);
  if (call->failure) std::rethrow_exception(call->failure);
}

}  // namespace net
