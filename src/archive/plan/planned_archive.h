// An archive that is being delivered: its plan, which is constant, and beside it what is known of
// its objects' CRC-32s, which grows. All downloads of a link share one, on all loops.
#pragma once

#include "archive/plan/crcs.h"
#include "archive/plan/plan.h"

#include <cstdint>

namespace archive {

struct PlannedArchive {
  // Ends the plan's list. Known are the CRCs that S3 has told, and those of entries without bytes.
  explicit PlannedArchive(Plan list);

  // What it takes in memory, about.
  std::uint64_t memory_bytes() const;

  Plan const plan;
  Crcs crcs;  // thread-safe by itself
};

}  // namespace archive
