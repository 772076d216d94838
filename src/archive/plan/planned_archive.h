// An archive that is being delivered: its plan, which is constant, and beside it the known CRC-32s
// of its objects, which grow. All downloads of a link share one, on all loops.
#pragma once

#include "archive/plan/crcs.h"
#include "archive/plan/plan.h"

#include <cstdint>

namespace archive {

struct PlannedArchive {
  // Ends the plan's list. The known CRCs are those that S3 has told, and those of entries without
  // bytes.
  explicit PlannedArchive(Plan list);

  // The memory that it takes, about.
  std::uint64_t memory_bytes() const;

  Plan const plan;
  Crcs crcs;  // thread-safe by itself
};

}  // namespace archive
