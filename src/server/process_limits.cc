#include "server/process_limits.h"

#include "base/error.h"
#include "base/heap.h"
#include "base/limits.h"
#include "base/lists/list_memory.h"
#include "net/deadline.h"

#include <chrono>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace server {

namespace limits = base::limits;

void allow_many_descriptors() {
  struct rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void forbid_core_dumps() {
  bool const done = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  base::check(done, "PR_SET_DUMPABLE is known to the kernel");
}

bool has_small_budget(Config const& config) {
  return config.memory_budget_bytes < limits::small_budget_below_bytes;
}

void limit_memory(Config const& config) {
  bool const small = has_small_budget(config);
  if (small) base::restart_with_small_heap();
  std::uint64_t const fraction =
      small ? limits::small_budget_list_fraction : limits::list_memory_fraction;
  base::list_memory().set_options({.folder = config.data_dir,
                                   .heap_bytes = config.memory_budget_bytes / fraction,
                                   .file_bytes = limits::max_list_file_bytes});
}

net::task<void> give_back_memory_now_and_then(net::BlockingPool& pool, std::uint64_t budget_bytes) {
  std::uint64_t const much = budget_bytes + limits::freed_memory_beside_budget;
  auto given_back = std::chrono::steady_clock::now();
  for (;;) {
    co_await net::sleep(limits::memory_looked_at_each);
    auto const now = std::chrono::steady_clock::now();
    bool const long_ago = now - given_back >= limits::freed_memory_kept;
    if (!long_ago && base::resident_bytes() <= much) continue;
    co_await pool.run(base::give_back_freed_memory);
    given_back = now;
  }
}

}  // namespace server
