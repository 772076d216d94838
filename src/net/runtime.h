// The event loops of the process: one thread each, started together and stopped together.
#pragma once

#include "net/task.h"

#include <functional>
#include <memory>
#include <vector>

namespace net {

class Runtime {
 public:
  explicit Runtime(std::size_t threads);
  ~Runtime();  // stop()
  Runtime(Runtime const&) = delete;
  Runtime& operator=(Runtime const&) = delete;

  std::vector<Executor> loops() const;
  // Cancels all tasks, waits until the last one has ended, and joins the threads: nothing that
  // belongs to the loops is in use any more.
  void stop();

 private:
  struct Loop;
  std::vector<std::unique_ptr<Loop>> loops_;
};

// Until the process gets SIGINT or SIGTERM; gives the number of the signal. `listening` is called
// once either would be noticed; before, it ends the process.
task<int> wait_for_stop_signal(std::function<void()> listening = {});
// Until it gets SIGHUP, which does not end it while this waits.
task<void> wait_for_hangup();

// Runs `work` to its end on a loop of its own, on this thread, and then cancels what it has
// spawned; throws what it throws. For commands and tests.
void run_to_end(task<void> work);

}  // namespace net
