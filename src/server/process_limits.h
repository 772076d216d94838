// What the server's process may take of the machine: descriptors, memory, the reach of a core dump.
#pragma once

#include "net/blocking.h"
#include "net/task.h"
#include "server/config.h"

#include <cstdint>

namespace server {

// Many downloads of many small objects have many connections; the system's default of 1,024
// descriptors is a limit that it lets every program lift.
void allow_many_descriptors();

// A core dump would hold the secrets of what is under way, and go to who knows where. Other
// programs of the same user cannot look into this one's memory then either.
void forbid_core_dumps();

// Whether the process takes as little memory beside its buffers as it can, at the cost of time.
bool has_small_budget(Config const& config);

// Of memory, what the budget of data buffers leaves open. First of all: with a small budget this
// may begin the program again.
void limit_memory(Config const& config);

// For as long as the program serves: what was freed goes back each limits::freed_memory_kept, and
// where the process takes limits::freed_memory_beside_budget more than the budget.
net::task<void> give_back_memory_now_and_then(net::BlockingPool& pool, std::uint64_t budget_bytes);

}  // namespace server
