#include "base/heap.h"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

// jemalloc's mallctl(3); null where jemalloc is not linked, as under the sanitizers and in tests.
extern "C" int mallctl(char const* name, void* old_value, std::size_t* old_size, void* new_value,
                       std::size_t new_size) __attribute__((weak));

namespace base {

void give_back_freed_memory() noexcept {
  // 4096 is MALLCTL_ARENAS_ALL.
  if (mallctl != nullptr) mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t mapped_pages = 0;
  std::uint64_t resident_pages = 0;
  file >> mapped_pages >> resident_pages;
  return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void restart_with_small_heap() {
  constexpr char const* setting = "MALLOC_CONF";
  constexpr char const* small = "thp:never,dirty_decay_ms:0,tcache_max:4096";
  if (mallctl == nullptr || std::getenv(setting) != nullptr) return;
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string word; std::getline(file, word, '\0');) arguments.push_back(word);
  std::vector<char*> pointers;
  for (std::string& word : arguments) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::setenv(setting, small, 1);
  // The link's target gives the process its own name in tools. If execv() fails, nothing changes.
  std::error_code error;
  ::execv(std::filesystem::read_symlink("/proc/self/exe", error).c_str(), pointers.data());
}

}  // namespace base
