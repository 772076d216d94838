// Takes a piece of the memory budget without holding up the event loop.
#pragma once

#include "base/budget.h"
#include "net/task.h"

#include <string>

namespace net {

// Takes `bytes` once they are free and the requests before this one in line have been granted
// (budget.h).
task<base::Budget::Grant> take(base::Budget& budget, std::uint64_t bytes,
                               base::Budget::Urgency urgency = base::Budget::Urgency::can_wait,
                               std::string payer = {});

}  // namespace net
