#include "base/heap.h"

#include <cstddef>

// jemalloc's (jemalloc(3)); null where it is not linked, as under the sanitizers and in tests.
extern "C" int mallctl(char const* name, void* old_value, std::size_t* old_size, void* new_value,
                       std::size_t new_size) __attribute__((weak));

namespace base {

void give_back_freed_memory() noexcept {
  // 4096 is MALLCTL_ARENAS_ALL.
  if (mallctl != nullptr) mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);
}

}  // namespace base
