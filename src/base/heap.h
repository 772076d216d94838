// Memory that was freed, and is kept for what is allocated next.
#pragma once

#include <cstdint>

namespace base {

// Gives it back to the system. For who has freed much that nobody will ask for again in that form:
// it costs milliseconds. Does nothing where the program's heap is not jemalloc.
void give_back_freed_memory() noexcept;

// What the process takes of the machine's memory now, the pages of its files included.
std::uint64_t resident_bytes();

// Begins the program again, with the same arguments, where its heap is not yet one that takes
// little memory: fewer and smaller pieces are kept for later, which costs time. For the first
// moments, when nothing is under way that would be lost; jemalloc reads its options at its start
// only. Comes back where the heap is small, where MALLOC_CONF says what it shall be, and where it
// is not jemalloc.
void restart_with_small_heap();

}  // namespace base
