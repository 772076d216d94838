// An owner of tasks that run beside their creator. When the owner goes, it cancels them; they share
// their data by shared_ptr, as they end a moment later. Belongs to one event loop.
#pragma once

#include "net/task.h"

#include <exception>
#include <functional>
#include <memory>
#include <utility>

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
  // Waits until the next task ends; returns at once if none is running.
  task<void> wait_one();
  // Waits until no task is running; throws the first error of a task that failed.
  task<void> wait_all();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// The state of an object that has tasks beside it. The object owns it and, when it goes, cancels
// the tasks; they hold the state too, until they notice. `State` has a TaskGroup of the name
// `tasks`: a task that holds the state cannot own it.
template <class State>
class SharedState {
 public:
  template <class... Args>
  explicit SharedState(Args&&... args)
      : state_(std::make_shared<State>(std::forward<Args>(args)...)) {}
  ~SharedState() { state_->tasks.cancel(); }
  SharedState(SharedState const&) = delete;
  SharedState& operator=(SharedState const&) = delete;

  State& operator*() const { return *state_; }
  State* operator->() const { return state_.get(); }
  // The state for a task to hold.
  std::shared_ptr<State> const& shared() const { return state_; }

 private:
  std::shared_ptr<State> const state_;
};

// True for base::Cancelled, and for Asio's error in its place.
bool is_cancellation(std::exception const& error);

// Has `call` made on the loop, soon. May be called from any thread.
void post(Executor const& loop, std::function<void()> call);

// Starts a task of the loop's own, such as a connection; may be called from any thread.
// Runtime::stop() cancels it. An error that leaves it is logged with `name`.
void spawn_detached(Executor const& loop, task<void> work, char const* name);

// Makes `group` the owner of the tasks that spawn_detached() starts on this thread's loop. For code
// that runs a loop.
class OwnTasks {
 public:
  explicit OwnTasks(TaskGroup& group);
  ~OwnTasks();
  OwnTasks(OwnTasks const&) = delete;
  OwnTasks& operator=(OwnTasks const&) = delete;
};

}  // namespace net
