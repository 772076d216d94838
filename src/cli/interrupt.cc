#include "cli/interrupt.h"

#include "cli/exit_code.h"
#include "net/event.h"
#include "net/runtime.h"
#include "net/task_group.h"

#include <exception>
#include <memory>

namespace cli {
namespace {

struct State {
  explicit State(net::Executor const& loop) : changed(loop) {}
  net::Event changed;
  bool done = false;
  std::exception_ptr failure;
  int signal = 0;
};

net::task<void> work_to_end(std::shared_ptr<State> state, net::task<void> work) {
  try {
    co_await std::move(work);
  } catch (...) {
    state->failure = std::current_exception();
  }
  state->done = true;
  state->changed.notify_all();
}

net::task<void> watch_signals(std::shared_ptr<State> state) {
  state->signal = co_await net::wait_for_stop_or_hangup();
  state->changed.notify_all();
}

}  // namespace

net::task<void> run_interruptible(net::task<void> work,
                                  std::function<net::task<void>()> before_cancel) {
  net::Executor const loop = co_await net::this_loop();
  auto const state = std::make_shared<State>(loop);
  net::TaskGroup watching(loop);
  net::TaskGroup working(loop);
  watching.spawn(watch_signals(state));
  working.spawn(work_to_end(state, std::move(work)));
  while (!state->done && state->signal == 0) co_await state->changed.wait();
  if (!state->done && before_cancel) {
    net::task<void> preparing = before_cancel();
    co_await std::move(preparing);
  }
  if (!state->done) working.cancel();
  while (!state->done) co_await state->changed.wait();
  if (!state->failure) co_return;
  if (state->signal != 0) throw Interrupted(state->signal);
  std::rethrow_exception(state->failure);
}

}  // namespace cli
