#include "archive/plan/crcs.h"

#include "base/limits.h"

#include <algorithm>
#include <utility>

namespace archive {

namespace limits = base::limits;

Crcs::Crcs(std::size_t entry_count) {
  while (whole_.size() < entry_count) whole_.push_back(0);
}

std::uint64_t Crcs::value(std::size_t entry) const {
  return std::atomic_ref(whole_[entry]).load(std::memory_order_relaxed);
}

void Crcs::set_value(std::size_t entry, std::uint64_t value) {
  std::atomic_ref(whole_[entry]).store(value, std::memory_order_relaxed);
}

std::optional<std::uint32_t> Crcs::whole(std::size_t entry) const {
  std::uint64_t const found = value(entry);
  if ((found & known) == 0) return std::nullopt;
  return static_cast<std::uint32_t>(found);
}

bool Crcs::is_settled(std::size_t entry) const {
  return (value(entry) & (known | in_doubt)) == known;
}

bool Crcs::is_checked(std::size_t entry) const {
  return (value(entry) & checked) != 0;
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
  set_value(entry, known | crc);
}

void Crcs::set_prefix(std::size_t entry, PrefixCrc prefix) {
  std::scoped_lock const lock(mutex_);
  prefixes_[entry][prefix.bytes] = prefix.crc;
}

void Crcs::recall_whole(std::size_t entry, std::uint32_t crc) {
  std::scoped_lock const lock(mutex_);
  settle(entry, crc);
}

// Whether the CRC agrees with the one on record. Prefixes are of no more use: a checked object is
// not read for its CRC again, and one in doubt is read from its beginning.
bool Crcs::settle(std::size_t entry, std::uint32_t crc) {
  std::uint64_t const before = value(entry);
  prefixes_.erase(entry);
  bool const agrees = (before & known) == 0 || static_cast<std::uint32_t>(before) == crc;
  std::uint64_t const after =
      agrees ? known | checked | crc : (before & (known | UINT32_MAX)) | in_doubt;
  set_value(entry, after);
  return agrees;
}

bool Crcs::learn_whole(std::size_t entry, std::uint64_t size, std::uint32_t crc) {
  if (value(entry) == (known | checked | crc)) return true;
  std::scoped_lock const lock(mutex_);
  bool const agrees = settle(entry, crc);
  add_news({entry, {size, crc}}, std::min(size, limits::crc_segment_bytes));
  return agrees;
}

void Crcs::learn_prefix(std::size_t entry, PrefixCrc prefix) {
  std::scoped_lock const lock(mutex_);
  if (is_checked(entry) || !prefixes_[entry].emplace(prefix.bytes, prefix.crc).second) return;
  add_news({entry, prefix}, limits::crc_segment_bytes);
}

void Crcs::add_news(EntryCrc news, std::uint64_t bytes) {
  news_.push_back(news);
  news_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  news_count_.store(news_.size(), std::memory_order_relaxed);
}

bool Crcs::has_much_news() const {
  return news_bytes_.load(std::memory_order_relaxed) >= limits::crc_news_bytes ||
         news_count_.load(std::memory_order_relaxed) >= limits::crc_news_count;
}

std::vector<EntryCrc> Crcs::take_news() {
  std::scoped_lock const lock(mutex_);
  news_bytes_.store(0, std::memory_order_relaxed);
  news_count_.store(0, std::memory_order_relaxed);
  return std::exchange(news_, {});
}

}  // namespace archive
