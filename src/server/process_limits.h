// Limits of the server's process on its machine: descriptors, memory, the reach of a core dump.
#pragma once

#include "net/blocking.h"
#include "net/task.h"
#include "server/config.h"

#include <cstdint>

namespace server {

// Many downloads of many small objects have many connections; the system's default of 1,024
// descriptors is a limit that it lets every program lift.
void allow_many_descriptors();

// A core dump would hold the secrets of the requests under way, and might go anywhere. Other
// programs of the same user cannot look into this one's memory then either.
void forbid_core_dumps();

// Whether the process takes as little memory beside its buffers as it can, at the cost of time.
bool has_small_budget(Config const& config);

// Limits the memory beside the budget of data buffers. To be called first of all: with a small
// budget it may begin the program again.
void limit_memory(Config const& config);

// Gives freed memory back for as long as the program serves: each limits::freed_memory_kept, and if
// the process takes limits::freed_memory_beside_budget more than the budget.
net::task<void> give_back_memory_now_and_then(net::BlockingPool& pool, std::uint64_t budget_bytes);

}  // namespace server
