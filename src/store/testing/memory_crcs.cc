// CRCs in memory: uses are noted by the day, as in a database that spares its disk.
#include "base/error.h"
#include "base/limits.h"
#include "store/testing/memory_verbs.h"

#include <chrono>
#include <set>

namespace store {
namespace {

std::int64_t day_of(base::UnixSeconds time) {
  return std::chrono::floor<std::chrono::days>(std::chrono::seconds(time)).count();
}

std::int64_t days(std::chrono::seconds time) {
  return std::chrono::floor<std::chrono::days>(time).count();
}

void check_id(std::string const& object_id) {
  base::check(object_id.size() == object_id_bytes, "the id of an object has 16 bytes");
}

}  // namespace

net::task<void> MemoryCrcs::remember(std::vector<CrcRow> rows, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  for (CrcRow const& row : rows) {
    check_id(row.object_id);
    tables_.crcs[{row.object_id, row.prefix_bytes}] = {.crc = row.crc, .used_day = day_of(now)};
  }
  co_return;
}

net::task<std::vector<CrcRow>> MemoryCrcs::find(std::vector<std::string> object_ids,
                                                base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  std::int64_t const noted_before = day_of(now) - days(base::limits::crc_use_noted_after);
  std::vector<CrcRow> rows;
  for (std::string const& id : std::set(object_ids.begin(), object_ids.end())) {
    check_id(id);
    for (auto row = tables_.crcs.lower_bound({id, 0});
         row != tables_.crcs.end() && row->first.first == id; ++row) {
      auto& [key, record] = *row;
      rows.push_back({.object_id = id, .prefix_bytes = key.second, .crc = record.crc});
      if (record.used_day <= noted_before) record.used_day = day_of(now);
    }
  }
  co_return rows;
}

void MemoryCrcs::forget_unused(MemoryTables& tables, base::UnixSeconds now) {
  std::int64_t const first_kept = day_of(now) - days(base::limits::crc_retention);
  std::erase_if(tables.crcs, [=](auto const& row) { return row.second.used_day < first_kept; });
}

}  // namespace store
