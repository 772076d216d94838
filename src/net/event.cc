#include "net/event.h"

#include "base/error.h"
#include "net/asio_types.h"

#include <boost/asio/as_tuple.hpp>

namespace net {

struct Event::State {
  explicit State(Executor const& executor)
      : timer(executor, std::chrono::steady_clock::time_point::max()) {}
  Timer timer;  // cancelling it is the notification
  std::uint64_t notifications = 0;
};

Event::Event(Executor const& executor) : state_(std::make_shared<State>(executor)) {}
Event::~Event() = default;

task<void> Event::wait() {
  return wait_until(std::chrono::steady_clock::time_point::max());
}

task<void> Event::wait_for(std::chrono::microseconds time) {
  return wait_until(std::chrono::steady_clock::now() + time);
}

task<void> Event::wait_until(std::chrono::steady_clock::time_point end) {
  std::shared_ptr<State> const state = state_;
  std::uint64_t const before = state->notifications;
  // Setting the expiry ends the waits of other tasks.
  if (state->timer.expiry() != end) state->timer.expires_at(end);
  auto const as_result = boost::asio::as_tuple(use_task);
  auto [error] = co_await state->timer.async_wait(as_result);
  // Both a notification and this task's own cancellation end the wait with the same error.
  if (error && state->notifications == before) throw base::Cancelled();
}

void Event::notify_all() {
  ++state_->notifications;
  state_->timer.cancel();
}

}  // namespace net
