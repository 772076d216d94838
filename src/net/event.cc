#include "net/event.h"

#include "base/error.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {

struct Event::State {
  explicit State(Executor const& executor)
      : timer(executor, boost::asio::steady_timer::time_point::max()) {}
  boost::asio::steady_timer timer;  // never expires: cancelling it is the notification
  std::uint64_t notifications = 0;
};

Event::Event(Executor const& executor) : state_(std::make_shared<State>(executor)) {}
Event::~Event() = default;

task<void> Event::wait() {
  std::shared_ptr<State> const state = state_;
  std::uint64_t const before = state->notifications;
  auto const as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
  co_await state->timer.async_wait(as_result);
  // Both a notification and this task's own cancellation end the wait with the same error.
  if (state->notifications == before) {
    throw base::Error(base::Fault::cancelled, "a wait was cancelled");
  }
}

void Event::notify_all() {
  ++state_->notifications;
  state_->timer.cancel();
}

}  // namespace net
