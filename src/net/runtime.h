// The event loops of the process: one thread each, started together and stopped together.
#pragma once

#include "net/task.h"

#include <memory>
#include <vector>

namespace net {

class Runtime {
 public:
  explicit Runtime(std::size_t threads);
  ~Runtime();  // stop() and join
  Runtime(Runtime const&) = delete;
  Runtime& operator=(Runtime const&) = delete;

  std::vector<Executor> loops() const;
  // Stops the loops: tasks that wait are dropped.
  void stop();

 private:
  struct Loop;
  std::vector<std::unique_ptr<Loop>> loops_;
};

// Until the process gets SIGINT or SIGTERM; gives the signal's number.
task<int> wait_for_stop_signal();

// Runs `work` to its end on a loop of its own, on this thread; throws what it throws. For commands
// and tests.
void run_to_end(task<void> work);

}  // namespace net
