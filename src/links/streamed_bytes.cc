#include "links/streamed_bytes.h"

#include "base/clock.h"
#include "base/error.h"

#include <exception>
#include <utility>

namespace links {

void StreamedBytes::add(std::string const& account_id, std::uint64_t bytes) {
  if (bytes == 0) return;
  std::lock_guard const lock(mutex_);
  bytes_[account_id] += bytes;
}

net::task<void> StreamedBytes::store(store::Accounts& accounts) {
  std::map<std::string, std::uint64_t> counted;
  {
    std::lock_guard const lock(mutex_);
    counted = std::exchange(bytes_, {});
  }
  std::exception_ptr failure;
  while (!counted.empty() && !failure) {
    auto const one = counted.extract(counted.begin());
    try {
      co_await accounts.add_usage(one.key(), store::Counted::streamed_bytes, one.mapped(),
                                  base::unix_now());
    } catch (base::Error const&) {
      failure = std::current_exception();
      add(one.key(), one.mapped());
    }
  }
  for (auto const& [left, bytes] : counted) add(left, bytes);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace links
