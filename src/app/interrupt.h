// Work that Ctrl-C ends in an orderly way.
#pragma once

#include "net/task.h"

namespace app {

// Runs the work to its end and throws what it throws. SIGINT, SIGTERM or SIGHUP cancels it; when it
// has ended, this throws Interrupted. A second signal ends the process at once.
net::task<void> run_interruptible(net::task<void> work);

}  // namespace app
