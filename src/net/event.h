// A condition variable for the tasks of one event loop: they wait until another one notifies.
//
// As all of them run on one thread, nothing is lost between looking at a condition and waiting:
//     while (!ready) co_await event.wait();
#pragma once

#include "net/task.h"

#include <chrono>
#include <memory>

namespace net {

class Event {
 public:
  explicit Event(Executor const& executor);
  ~Event();
  Event(Event const&) = delete;
  Event& operator=(Event const&) = delete;

  task<void> wait();  // base::Cancelled when the waiting task is cancelled
  // The same, but no longer than `time`; for an event that only one task waits for.
  task<void> wait_for(std::chrono::microseconds time);
  void notify_all();

 private:
  task<void> wait_until(std::chrono::steady_clock::time_point end);
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
