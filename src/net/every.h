// The loops that look for something to do.
#pragma once

#include "net/task.h"

#include <chrono>
#include <functional>
#include <string>

namespace net {

// Does `work` again and again, until it is cancelled, with `pause` between the end of one time and
// the beginning of the next. An error of the work's is logged behind `name` ("mails: …"), and the
// work is done again.
task<void> every(std::chrono::milliseconds pause, std::string name,
                 std::function<task<void>()> work);

}  // namespace net
