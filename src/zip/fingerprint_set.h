// A set of texts that remembers 16 bytes of each: for millions of names, where the texts themselves
// would not fit. Grows only; not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace zip {

// 128 bits of SHA-256: texts with equal fingerprints do not turn up, not even on purpose.
using Fingerprint = std::array<std::uint64_t, 2>;
Fingerprint fingerprint(std::string_view text);

class FingerprintSet {
 public:
  // False where the set has it already.
  bool insert(Fingerprint const& print);
  bool contains(Fingerprint const& print) const;
  std::size_t size() const { return count_; }
  std::size_t memory_bytes() const { return slots_.capacity() * sizeof(Fingerprint); }

 private:
  // The slot that holds `print` or, where none does, the free one for it.
  std::size_t slot_of(Fingerprint const& print) const;
  void grow();

  // Open addressing over a power of two; all zeros is a free slot.
  std::vector<Fingerprint> slots_;
  std::size_t count_ = 0;
};

}  // namespace zip
