#include "archive/plan/planned_archive.h"

#include <utility>

namespace archive {

namespace {

Plan finished(Plan list) {
  list.finish();
  return list;
}

}  // namespace

PlannedArchive::PlannedArchive(Plan list)
    : plan(finished(std::move(list))), crcs(plan.entry_count()) {
  for (std::size_t i = 0; i < plan.entry_count(); ++i) {
    PlannedEntry const entry = plan.entry(i);
    if (entry.crc) crcs.set_whole(i, *entry.crc);
    if (entry.size == 0) crcs.set_whole(i, 0);
  }
}

std::uint64_t PlannedArchive::memory_bytes() const {
  return plan.memory_bytes() + Crcs::bytes_per_entry * plan.entry_count();
}

}  // namespace archive
