#include "links/streamed_bytes.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#include <utility>

#include <fmt/format.h>

namespace links {

StreamedBytes::~StreamedBytes() {
  try {
    store();
  } catch (base::Error const& error) {
    base::log_warning(fmt::format("usage is lost: {}", error.what()));
  }
}

void StreamedBytes::add(std::string const& account_id, std::uint64_t bytes) {
  if (bytes == 0) return;
  std::lock_guard const lock(mutex_);
  bytes_[account_id] += bytes;
}

void StreamedBytes::store() {
  std::unique_lock lock(mutex_);
  std::map<std::string, std::uint64_t> counted = std::exchange(bytes_, {});
  lock.unlock();
  while (!counted.empty()) {
    auto const& [account, bytes] = *counted.begin();
    try {
      store_.count_usage(account, store::Counted::streamed_bytes, bytes, base::unix_now());
    } catch (base::Error const&) {
      for (auto const& [left, its_bytes] : counted) add(left, its_bytes);
      throw;
    }
    counted.erase(counted.begin());
  }
}

}  // namespace links
