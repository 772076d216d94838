// The event loops of the process: one thread each, started together and stopped together.
#pragma once

#include "net/task.h"

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
  // Stops the loops and waits for their threads. What the waiting tasks hold lives on until the
  // runtime goes, so that all that belongs to the loops can be taken down in peace before.
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
