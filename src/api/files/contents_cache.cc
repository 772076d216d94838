#include "api/files/contents_cache.h"

#include "base/service_limits.h"

#include <algorithm>

namespace api {

std::optional<ContentsCache::Kept> ContentsCache::find(std::string const& id,
                                                       Clock::time_point now) {
  std::scoped_lock const lock(mutex_);
  drop_unused(now);
  auto const found = entries_.find(id);
  if (found == entries_.end()) return std::nullopt;
  found->second.used_at = now;
  return found->second.kept;
}

void ContentsCache::put(std::string const& id, Kept kept, Clock::time_point now) {
  std::scoped_lock const lock(mutex_);
  drop_unused(now);
  if (auto const old = entries_.find(id); old != entries_.end()) drop(old);
  std::uint64_t const bytes = kept.contents->memory_bytes();
  if (bytes > most_bytes_) return;
  while (bytes_ + bytes > most_bytes_) {
    auto const used_at = [](Entries::value_type const& one) { return one.second.used_at; };
    drop(std::ranges::min_element(entries_, {}, used_at));
  }
  bytes_ += bytes;
  entries_.emplace(id, Entry{std::move(kept), now});
}

void ContentsCache::drop(Entries::iterator entry) {
  bytes_ -= entry->second.kept.contents->memory_bytes();
  entries_.erase(entry);
}

void ContentsCache::drop_unused(Clock::time_point now) {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    auto const here = entry++;
    if (now - here->second.used_at > base::limits::kept_contents_time) drop(here);
  }
}

}  // namespace api
