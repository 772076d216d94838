// The order of work for delivering stretches of an archive: entry by entry, which bytes of its
// object are needed. Bytes are needed because they are wanted themselves, or for a CRC-32 that a
// wanted header, descriptor or central header holds and that is not known yet.
#pragma once

#include "archive/plan/planned_archive.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include <boost/container/small_vector.hpp>

namespace archive {

// One entry, or one stretch of it if only separate stretches are wanted.
struct Step {
  std::size_t entry = 0;
  // Object bytes to read: [begin, end); equal if there are none.
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  // A wanted record holds the CRC, which has to be computed: the step goes to the object's end.
  bool needs_crc = false;
  // The CRC of the bytes before `begin`, if it is known; always with `needs_crc`.
  std::optional<std::uint32_t> crc_before = std::nullopt;

  bool operator==(Step const&) const = default;
};

// Entries whose central headers are wanted.
struct CentralEntries {
  std::size_t next = 0;
  std::size_t end = 0;
};

class Walk {
 public:
  // `wanted`: stretches of the archive, in order, without overlap. The archive is borrowed.
  Walk(PlannedArchive const& archive, std::vector<base::Extent> wanted);

  // The next step, decided by the CRCs that are known now; nullopt when all entries are done.
  std::optional<Step> next();

 private:
  std::optional<std::size_t> next_wanted_entry();
  void plan_steps(std::size_t entry);
  std::optional<Step> next_for_directory();

  PlannedArchive const& archive_;
  std::vector<base::Extent> wanted_;
  std::size_t stretch_ = 0;  // of wanted_: all before are done
  std::size_t entry_ = 0;    // that comes next in the first round
  std::deque<Step> steps_;   // of the entry at hand
  CentralEntries central_;   // of the second round
};

// Most overlaps have no extent, or one.
using Extents = boost::container::small_vector<base::Extent, 2>;

// The stretches of `wanted` that lie within `extent`, in order.
Extents overlap(std::vector<base::Extent> const& wanted, base::Extent extent);

// How many bytes of objects a walk over the stretch reads only for CRCs that are not known yet. It
// stops counting past `enough`.
std::uint64_t reads_for_crcs(PlannedArchive const& archive, base::Extent wanted,
                             std::uint64_t enough);

}  // namespace archive
