#include "archive/crcs.h"

#include <utility>

namespace archive {

Crcs::Crcs(std::size_t entry_count)
    : whole_(std::make_unique<std::atomic<std::uint64_t>[]>(entry_count)) {}

std::optional<std::uint32_t> Crcs::whole(std::size_t entry) const {
  std::uint64_t const value = whole_[entry].load(std::memory_order_relaxed);
  if ((value & known) == 0) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

PrefixCrc Crcs::longest_prefix(std::size_t entry, std::uint64_t bytes) const {
  std::scoped_lock const lock(mutex_);
  auto const of_entry = prefixes_.find(entry);
  if (of_entry == prefixes_.end()) return {};
  auto const after = of_entry->second.upper_bound(bytes);
  if (after == of_entry->second.begin()) return {};
  auto const best = std::prev(after);
  return {best->first, best->second};
}

void Crcs::set_whole(std::size_t entry, std::uint32_t crc) {
  whole_[entry].store(known | crc, std::memory_order_relaxed);
}

void Crcs::set_prefix(std::size_t entry, PrefixCrc prefix) {
  std::scoped_lock const lock(mutex_);
  prefixes_[entry][prefix.bytes] = prefix.crc;
}

void Crcs::learn_whole(std::size_t entry, std::uint64_t size, std::uint32_t crc) {
  if (whole(entry)) return;
  set_whole(entry, crc);
  std::scoped_lock const lock(mutex_);
  news_.push_back({entry, {size, crc}});
}

void Crcs::learn_prefix(std::size_t entry, PrefixCrc prefix) {
  std::scoped_lock const lock(mutex_);
  if (prefixes_[entry].emplace(prefix.bytes, prefix.crc).second) news_.push_back({entry, prefix});
}

std::vector<EntryCrc> Crcs::take_news() {
  std::scoped_lock const lock(mutex_);
  return std::exchange(news_, {});
}

}  // namespace archive
