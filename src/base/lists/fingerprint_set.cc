// Open addressing with linear probing; see fingerprint_set.h.
#include "base/lists/fingerprint_set.h"

#include "base/digest.h"

#include <atomic>
#include <cstring>
#include <utility>

namespace base {
namespace {

constexpr std::size_t slots_per_page = 255;
constexpr Fingerprint free_slot{0, 0};

}  // namespace

Fingerprint fingerprint(std::string_view text) {
  base::Sha256 const digest = base::sha256(text);
  Fingerprint print;
  std::memcpy(print.data(), digest.data(), sizeof print);
  return print;
}

bool FingerprintSet::insert(Fingerprint const& print) {
  // The set is at most 7/8 full: linear probing then looks at some 30 slots for a new print.
  if (count_ >= pages_.size() * slots_per_page / 8 * 7) grow();
  Fingerprint& slot = *find_slot(print);
  if (slot == print) return false;
  slot = print;
  ++count_;
  return true;
}

bool FingerprintSet::contains(Fingerprint const& print) {
  return !pages_.empty() && *find_slot(print) == print;
}

// The slot that holds the print or, if none does, the free one for it.
Fingerprint* FingerprintSet::find_slot(Fingerprint const& print) {
  static_assert(sizeof(Page) == 4096, "a page of memory, or a part of one");
  std::size_t const mask = pages_.size() - 1;
  std::size_t slot = print[1] % slots_per_page;
  for (std::size_t index = print[0] & mask;; index = (index + 1) & mask) {
    Page& page = pages_[index];
    std::atomic_ref(page.looks).store(1, std::memory_order_relaxed);
    for (; slot < slots_per_page; ++slot) {
      if (page.slots[slot] == free_slot || page.slots[slot] == print) return &page.slots[slot];
    }
    slot = 0;
  }
}

void FingerprintSet::grow() {
  base::LongList<Page> const old = std::exchange(pages_, base::LongList<Page>());
  std::size_t const count = old.empty() ? 1 : old.size() * 2;
  while (pages_.size() < count) pages_.push_back(Page{});
  for (std::size_t i = 0; i < old.size(); ++i) {
    for (Fingerprint const& print : old[i].slots) {
      if (print != free_slot) *find_slot(print) = print;
    }
  }
}

}  // namespace base
