// A set of texts that remembers 16 bytes of each: for millions of names, where the texts themselves
// would not fit. Grows only; not thread-safe.
#pragma once

#include "base/lists/long_list.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace base {

// 128 bits of SHA-256: texts with equal fingerprints do not turn up, not even on purpose.
using Fingerprint = std::array<std::uint64_t, 2>;
Fingerprint fingerprint(std::string_view text);

class FingerprintSet {
 public:
  // False if the set has it already.
  bool insert(Fingerprint const& print);
  bool contains(Fingerprint const& print);
  std::size_t size() const { return count_; }
  std::size_t memory_bytes() const { return pages_.size() * sizeof(Page); }

 private:
  // A Page fills a page of memory: a look at the set needs one, seldom two, which matters where
  // they lie in a file.
  struct Page {
    std::array<Fingerprint, 255> slots;
    std::uint64_t looks;  // written before the slots are read, as this brings in one page of a
                          // file; reading would bring in its neighbours, too
    std::uint64_t unused;
  };
  Fingerprint* find_slot(Fingerprint const& print);
  void grow();

  // Open addressing, in a power of two of pages; all zeros is a free slot.
  base::LongList<Page> pages_;
  std::size_t count_ = 0;
};

}  // namespace base
