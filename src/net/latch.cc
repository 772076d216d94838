#include "net/latch.h"

#include "base/error.h"
#include "net/deadline.h"
#include "net/event.h"
#include "net/task_group.h"

#include <utility>

namespace net {
namespace {

task<void> wait_for(bool const& set, Event& event) {
  while (!set) co_await event.wait();
}

}  // namespace

// The weak pointer is locked on the listener's loop only: the listener is destroyed there.
void Latch::tell(Listener const& listener) {
  auto const tell = [call = listener.call] {
    if (std::shared_ptr<Call> const there = call.lock()) (*there)();
  };
  post(listener.loop, tell);
}

void Latch::set() {
  std::vector<Listener> to_tell;
  {
    std::scoped_lock const lock(mutex_);
    set_ = true;
    to_tell.swap(listeners_);
  }
  for (Listener const& listener : to_tell) tell(listener);
}

std::shared_ptr<void> Latch::listen(Executor const& loop, Call call) {
  auto const held = std::make_shared<Call>(std::move(call));
  Listener const listener{loop, held};
  {
    std::scoped_lock const lock(mutex_);
    if (!set_) {
      forget_the_gone();
      listeners_.push_back(listener);
      return held;
    }
  }
  tell(listener);
  return held;
}

void Latch::forget_the_gone() {
  if (listeners_.size() < many_) return;
  std::erase_if(listeners_, [](Listener const& listener) { return listener.call.expired(); });
  many_ = 16 + 2 * listeners_.size();
}

task<bool> wait_any(std::vector<Latch*> latches, std::chrono::milliseconds limit) {
  Executor const loop = co_await this_loop();
  Event event(loop);
  bool set = false;
  Latch::Call const hear = [&] {
    set = true;
    event.notify_all();
  };
  std::vector<std::shared_ptr<void>> handles;
  for (Latch* const latch : latches) {
    if (latch->is_set()) co_return true;
    handles.push_back(latch->listen(loop, hear));
  }
  task<void> waiting = wait_for(set, event);
  try {
    co_await with_deadline(std::move(waiting), limit, "a wait");
  } catch (base::Error const& error) {
    if (error.fault() != base::Fault::timeout) throw;
  }
  co_return set;
}

}  // namespace net
