// The event loops of the process: one thread each, started together and stopped together.
#pragma once

#include "net/deadline.h"
#include "net/task.h"

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace net {

class Runtime {
 public:
  explicit Runtime(std::size_t threads);
  ~Runtime();  // stop()
  Runtime(Runtime const&) = delete;
  Runtime& operator=(Runtime const&) = delete;

  std::vector<Executor> loops() const;
  // Cancels all tasks, waits until the last one has ended, and joins the threads: no object of the
  // loops is in use after that.
  void stop();

 private:
  struct Loop;
  std::vector<std::unique_ptr<Loop>> loops_;
};

// Waits for SIGINT or SIGTERM; gives the signal's number. `listening` is called once either would
// be noticed; before that, it ends the process.
task<int> wait_for_stop_signal(std::function<void()> listening = {});
// The same for commands, which SIGHUP stops as well: their terminal is gone. SIGHUP is left alone
// if the process was started to ignore it (nohup).
task<int> wait_for_stop_or_hangup();

// While it lives, SIGHUP does not end the process.
class HangupWatch {
 public:
  HangupWatch();
  ~HangupWatch();
  HangupWatch(HangupWatch const&) = delete;
  HangupWatch& operator=(HangupWatch const&) = delete;

 private:
  struct Registration;
  std::unique_ptr<Registration> registration_;
};

// The SIGHUPs from now on, for one task on this loop; signals that come while no task waits are
// kept.
class Hangups {
 public:
  explicit Hangups(Executor const& loop);
  ~Hangups();
  Hangups(Hangups const&) = delete;
  Hangups& operator=(Hangups const&) = delete;

  task<void> next();

 private:
  struct Registration;
  std::unique_ptr<Registration> registration_;
};

// Runs `work` to its end on a loop of its own, on this thread, then cancels the tasks that it has
// spawned; throws whatever `work` throws. For commands, for the start of a program, and for tests.
void run_to_end(task<void> work);

// The same, and returns the result of `work`.
template <class T>
T result_of(task<T> work) {
  if constexpr (std::is_void_v<T>) {
    run_to_end(std::move(work));
  } else {
    std::optional<T> result;
    run_to_end(store_result(std::move(work), result));
    return *std::move(result);
  }
}

}  // namespace net
