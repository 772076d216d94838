// Open addressing with linear probing; see fingerprint_set.h.
#include "zip/fingerprint_set.h"

#include "base/digest.h"

#include <cstring>
#include <utility>

namespace zip {
namespace {

constexpr std::size_t first_slots = 64;
constexpr Fingerprint free_slot{0, 0};

}  // namespace

Fingerprint fingerprint(std::string_view text) {
  base::Sha256 const digest = base::sha256(text);
  Fingerprint print;
  std::memcpy(print.data(), digest.data(), sizeof print);
  return print;
}

bool FingerprintSet::insert(Fingerprint const& print) {
  // At most 7/8 full: linear probing then looks at some 30 slots for a new print, in one or two
  // lines of the cache each.
  if (slots_.empty() || count_ >= slots_.size() / 8 * 7) grow();
  Fingerprint& slot = slots_[slot_of(print)];
  if (slot == print) return false;
  slot = print;
  ++count_;
  return true;
}

bool FingerprintSet::contains(Fingerprint const& print) const {
  return !slots_.empty() && slots_[slot_of(print)] == print;
}

std::size_t FingerprintSet::slot_of(Fingerprint const& print) const {
  std::size_t const mask = slots_.size() - 1;
  std::size_t slot = print[0] & mask;
  while (slots_[slot] != free_slot && slots_[slot] != print) slot = (slot + 1) & mask;
  return slot;
}

void FingerprintSet::grow() {
  std::vector<Fingerprint> const old = std::move(slots_);
  slots_.assign(old.empty() ? first_slots : old.size() * 2, free_slot);
  for (Fingerprint const& print : old) {
    if (print != free_slot) slots_[slot_of(print)] = print;
  }
}

}  // namespace zip
