// Runs work that Ctrl-C ends in an orderly way.
#pragma once

#include "net/task.h"

#include <functional>

namespace cli {

// Runs the work to its end and throws what it throws. SIGINT, SIGTERM or SIGHUP cancels it, once
// `before_cancel` is over, which has a bound of its own; when the work has ended, this throws
// Interrupted. A second signal ends the process at once.
net::task<void> run_interruptible(net::task<void> work,
                                  std::function<net::task<void>()> before_cancel = {});

}  // namespace cli
