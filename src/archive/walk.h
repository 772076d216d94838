// The order of work for delivering parts of an archive: entry by entry, which bytes of its object
// are needed. Bytes are needed because they are wanted themselves, or for a CRC-32 that a wanted
// header, descriptor or central header holds and nobody knows yet.
#pragma once

#include "archive/crcs.h"
#include "archive/plan.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace archive {

// One entry, or one stretch of it where only separate stretches are wanted.
struct Step {
  std::size_t entry = 0;
  // Object bytes to read: [begin, end); equal where none are.
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  // With `needs_crc`, the CRC of what comes before `begin`; the step then goes to the object's end.
  bool needs_crc = false;
  std::uint32_t crc_before = 0;

  bool operator==(Step const&) const = default;
};

class Walk {
 public:
  // `wanted`: stretches of the archive, in order, without overlap. The plan is borrowed.
  Walk(Plan const& plan, std::vector<zip::Extent> wanted);

  // The next step, decided by what is known of CRCs now; nothing when all entries are done.
  std::optional<Step> next();

 private:
  std::optional<std::size_t> next_wanted_entry();
  void plan_steps(std::size_t entry);
  std::optional<Step> next_for_directory();
  bool needs_crc(std::size_t entry) const;
  bool wants(zip::Extent extent) const;

  Plan const& plan_;
  std::vector<zip::Extent> wanted_;
  bool wants_directory_;
  std::size_t stretch_ = 0;          // of wanted_: all before are done
  std::size_t entry_ = 0;            // that comes next in the first round
  std::deque<Step> steps_;           // of the entry at hand
  std::size_t directory_entry_ = 0;  // that comes next in the second round
};

// The parts of `wanted` that lie within `extent`, in order.
std::vector<zip::Extent> overlap(std::vector<zip::Extent> const& wanted, zip::Extent extent);

}  // namespace archive
