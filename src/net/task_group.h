// An owner of tasks that run beside the one that made them. When the owner goes, they are
// cancelled; what they share with each other they hold by shared_ptr, as they end a moment later.
// Belongs to one event loop.
#pragma once

#include "net/task.h"

#include <exception>
#include <functional>
#include <memory>

namespace net {

class TaskGroup {
 public:
  explicit TaskGroup(Executor executor);
  ~TaskGroup();  // cancels
  TaskGroup(TaskGroup const&) = delete;
  TaskGroup& operator=(TaskGroup const&) = delete;

  // Starts `work` at once. Its error is kept: the first one is thrown by wait_all().
  void spawn(task<void> work);
  void cancel();
  std::size_t running() const;
  // Until a task has ended since the last call, or none is running.
  task<void> wait_one();
  // Until none is running; throws the first error of those that failed.
  task<void> wait_all();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// What Asio throws at a task that goes on after it was cancelled.
bool is_cancellation(std::exception const& error);

// Has `call` made on the loop, soon; from any thread.
void post(Executor const& loop, std::function<void()> call);

// Starts a task of the loop's own, such as a connection, from any thread; Runtime::stop() cancels
// it. An error that leaves it is logged with `name`, except {cancelled}.
void spawn_detached(Executor const& loop, task<void> work, char const* name);

// Makes `group` the owner of the tasks that spawn_detached() starts on this thread's loop. For
// those who run a loop.
class OwnTasks {
 public:
  explicit OwnTasks(TaskGroup& group);
  ~OwnTasks();
  OwnTasks(OwnTasks const&) = delete;
  OwnTasks& operator=(OwnTasks const&) = delete;
};

}  // namespace net
