// The process's heap: freed memory that is kept for later allocations, and its settings.
#pragma once

#include <cstdint>

namespace base {

// Gives freed memory back to the system. It costs milliseconds: for callers that have freed much
// memory that will not be used again in that form. Does nothing if the heap is not jemalloc.
void give_back_freed_memory() noexcept;

// The memory that the process occupies now, the pages of its files included.
std::uint64_t resident_bytes();

// Restarts the program, with the same arguments, with a heap that takes little memory: it keeps
// fewer and smaller pieces for later, which costs time. The server calls it before any work is
// under way: jemalloc reads its options only at its start. Returns if the heap is small already, if
// MALLOC_CONF sets its options, and if it is not jemalloc.
void restart_with_small_heap();

}  // namespace base
