#include "base/heap.h"

#include <cstddef>
#include <string>
#include <sys/types.h>

#include <fmt/format.h>

// jemalloc's (jemalloc(3)); null where it is not linked, as under the sanitizers and in tests.
extern "C" int mallctl(char const* name, void* old_value, std::size_t* old_size, void* new_value,
                       std::size_t new_size) __attribute__((weak));

namespace base {

void give_back_freed_memory() noexcept {
  // 4096 is MALLCTL_ARENAS_ALL.
  if (mallctl != nullptr) mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);
}

void keep_freed_memory_for(std::chrono::milliseconds time) {
  if (mallctl == nullptr) return;
  auto milliseconds = static_cast<ssize_t>(time.count());
  // Of arenas to come, then of those that are.
  mallctl("arenas.dirty_decay_ms", nullptr, nullptr, &milliseconds, sizeof milliseconds);
  unsigned arenas = 0;
  std::size_t size = sizeof arenas;
  if (mallctl("arenas.narenas", &arenas, &size, nullptr, 0) != 0) return;
  for (unsigned arena = 0; arena < arenas; ++arena) {
    std::string const name = fmt::format("arena.{}.dirty_decay_ms", arena);
    mallctl(name.c_str(), nullptr, nullptr, &milliseconds, sizeof milliseconds);
  }
}

}  // namespace base
