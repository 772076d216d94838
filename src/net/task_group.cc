#include "net/task_group.h"

#include "base/error.h"
#include "base/log.h"
#include "net/event.h"

#include <list>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace net {

namespace asio = boost::asio;

struct TaskGroup::State {
  explicit State(Executor where) : executor(std::move(where)), ended(executor) {}
  Executor executor;
  Event ended;
  std::list<asio::cancellation_signal> signals;  // one a running task
  std::exception_ptr first_error;
};

TaskGroup::TaskGroup(Executor executor) : state_(std::make_shared<State>(std::move(executor))) {}
TaskGroup::~TaskGroup() {
  cancel();
}

void TaskGroup::spawn(task<void> work) {
  auto const signal = state_->signals.emplace(state_->signals.end());
  auto on_end = [state = state_, signal](std::exception_ptr error) {
    if (error && !state->first_error) state->first_error = error;
    state->signals.erase(signal);
    state->ended.notify_all();
  };
  asio::co_spawn(state_->executor, std::move(work),
                 asio::bind_cancellation_slot(signal->slot(), std::move(on_end)));
}

void TaskGroup::cancel() {
  // A handler may run inside emit() and erase its signal: the iterator steps first.
  for (auto it = state_->signals.begin(); it != state_->signals.end();) {
    auto& signal = *it++;
    signal.emit(asio::cancellation_type::terminal);
  }
}

std::size_t TaskGroup::running() const {
  return state_->signals.size();
}

task<void> TaskGroup::wait_one() {
  if (!state_->signals.empty()) co_await state_->ended.wait();
}

task<void> TaskGroup::wait_all() {
  std::shared_ptr<State> const state = state_;
  while (!state->signals.empty()) co_await state->ended.wait();
  if (state->first_error) std::rethrow_exception(std::exchange(state->first_error, nullptr));
}

void post(Executor const& loop, std::function<void()> call) {
  asio::post(loop, std::move(call));
}

bool is_cancellation(std::exception const& error) {
  if (dynamic_cast<base::Cancelled const*>(&error) != nullptr) return true;
  auto const* const asio_error = dynamic_cast<boost::system::system_error const*>(&error);
  return asio_error != nullptr && asio_error->code() == asio::error::operation_aborted;
}

namespace {

thread_local TaskGroup* own_tasks = nullptr;

task<void> log_failure(task<void> work, char const* name) {
  try {
    co_await std::move(work);
  } catch (std::exception const& error) {
    if (!is_cancellation(error)) base::log_error(std::string(name) + ": " + error.what());
  }
}

}  // namespace

OwnTasks::OwnTasks(TaskGroup& group) {
  own_tasks = &group;
}
OwnTasks::~OwnTasks() {
  own_tasks = nullptr;
}

void spawn_detached(Executor const& loop, task<void> work, char const* name) {
  // A pointer holds the task: std::function needs a handler that can be copied.
  auto const held = std::make_shared<task<void>>(std::move(work));
  post(loop, [held, name] {
    base::check(own_tasks != nullptr, "a loop has an owner for its tasks");
    own_tasks->spawn(log_failure(std::move(*held), name));
  });
}

}  // namespace net
