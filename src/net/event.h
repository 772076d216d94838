// A condition variable for the tasks of one event loop: they wait until another one notifies.
//
// As all of them run on one thread, nothing is lost between looking at a condition and waiting:
//     while (!ready) co_await event.wait();
#pragma once

#include "net/task.h"

#include <memory>

namespace net {

class Event {
 public:
  explicit Event(Executor const& executor);
  ~Event();
  Event(Event const&) = delete;
  Event& operator=(Event const&) = delete;

  task<void> wait();  // Error{cancelled} when the waiting task is cancelled
  void notify_all();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
