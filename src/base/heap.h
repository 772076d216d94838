// Memory that was freed, and is kept for what is allocated next.
#pragma once

#include <chrono>

namespace base {

// Gives it back to the system. For who has freed much that nobody will ask for again in that form:
// it costs milliseconds. Does nothing where the program's heap is not jemalloc.
void give_back_freed_memory() noexcept;

// How long it is kept, from now on. The shorter, the less memory and the more time it takes. Does
// nothing where the program's heap is not jemalloc.
void keep_freed_memory_for(std::chrono::milliseconds time);

}  // namespace base
