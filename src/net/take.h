// Takes a piece of the memory budget without holding up the event loop.
#pragma once

#include "base/budget.h"
#include "net/task.h"

namespace net {

// Takes `bytes` once they are free and all requests before this one in line have been granted.
task<base::Budget::Grant> take(base::Budget& budget, std::uint64_t bytes,
                               base::Budget::Urgency urgency = base::Budget::Urgency::can_wait);

}  // namespace net
