// Loops that look for work.
#pragma once

#include "net/task.h"

#include <chrono>
#include <functional>
#include <string>

namespace net {

// Does `work` again and again until it is cancelled, with `pause` between the end of one run and
// the beginning of the next. An error of `work` is logged behind `name` ("mails: …") and does not
// end the loop.
task<void> every(std::chrono::milliseconds pause, std::string name,
                 std::function<task<void>()> work);

}  // namespace net
