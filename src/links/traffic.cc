#include "links/traffic.h"

#include "base/clock.h"
#include "base/error.h"

#include <exception>
#include <utility>

namespace links {

void Traffic::add_bytes(std::string const& account_id, std::uint64_t bytes) {
  if (bytes == 0) return;
  std::lock_guard const lock(mutex_);
  counts_.bytes[account_id] += bytes;
}

void Traffic::add_download(std::string const& link_id, store::Downloads const& download) {
  std::lock_guard const lock(mutex_);
  counts_.downloads[link_id].add(download);
}

// Takes out of `counts` what the store has taken.
net::task<void> Traffic::store_some(store::Store const& store, Counts& counts) {
  while (!counts.bytes.empty()) {
    auto const& [account_id, bytes] = *counts.bytes.begin();
    co_await store.accounts.add_usage(account_id, store::Counted::streamed_bytes, bytes,
                                      base::unix_now());
    counts.bytes.erase(counts.bytes.begin());
  }
  while (!counts.downloads.empty()) {
    auto const& [link_id, download] = *counts.downloads.begin();
    co_await store.links.add_downloads(link_id, download);
    counts.downloads.erase(counts.downloads.begin());
  }
}

net::task<void> Traffic::store(store::Store const& store) {
  Counts counts;
  {
    std::lock_guard const lock(mutex_);
    counts = std::exchange(counts_, {});
  }
  std::exception_ptr failure;
  try {
    co_await store_some(store, counts);
  } catch (base::Error const&) {
    failure = std::current_exception();
  }
  for (auto const& [account_id, bytes] : counts.bytes) add_bytes(account_id, bytes);
  for (auto const& [link_id, download] : counts.downloads) add_download(link_id, download);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace links
