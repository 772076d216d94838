#include "archive/read/contents.h"

#include "base/error.h"
#include "zip/format.h"

#include <algorithm>
#include <limits>

namespace archive {

void Contents::add(ContentEntry const& entry) {
  // A readable name may be longer than the one in the archive, which has a 16-bit length.
  if (entry.name.size() > std::numeric_limits<std::uint16_t>::max())
    throw base::Error(base::Fault::too_large, "the zip has a name that is too long to be listed");
  std::string_view const name = texts_.store(entry.name);
  Row row{.name = name.begin(),
          .index = entry.index,
          .size = entry.size,
          .compressed_size = entry.compressed_size,
          .local_offset = entry.local_offset,
          .modified = entry.modified.value_or(0),
          .crc = entry.crc.value_or(0),
          .archive = entry.archive,
          .name_size = static_cast<std::uint16_t>(name.size()),
          .method = entry.method,
          .has = 0};
  if (entry.crc) row.has |= has_crc;
  if (entry.modified) row.has |= has_modified;
  if (entry.is_encrypted) row.has |= encrypted;
  if (!entry.raw_name.empty()) {
    row.has |= has_raw_name;
    raw_names_.push_back({rows_.size(), texts_.store(entry.raw_name)});
  }
  rows_.push_back(row);
}

void Contents::add(std::uint32_t archive, std::uint64_t index, zip::ListedEntry const& entry) {
  add({.name = entry.name,
       .archive = archive,
       .index = index,
       .size = entry.size,
       .modified = entry.modified,
       .crc = entry.crc,
       .method = entry.method,
       .is_encrypted = entry.is_encrypted(),
       .compressed_size = entry.compressed_size,
       .local_offset = entry.local_offset,
       .raw_name = entry.raw_name});
}

void Contents::add(std::uint32_t archive, PlannedArchive const& planned) {
  for (std::size_t i = 0; i < planned.plan.entry_count(); ++i) {
    PlannedEntry const entry = planned.plan.entry(i);
    bool const is_folder = entry.form == zip::Form::directory;
    add({.name = entry.name,
         .archive = archive,
         .index = i,
         .size = entry.size,
         .modified = entry.modified,
         .crc = is_folder ? 0 : planned.crcs.whole(i),
         .compressed_size = entry.size});
  }
}

ContentEntry Contents::operator[](std::size_t place) const {
  Row const& row = rows_[place];
  ContentEntry entry{.name = {row.name, row.name_size},
                     .archive = row.archive,
                     .index = row.index,
                     .size = row.size,
                     .method = row.method,
                     .is_encrypted = (row.has & encrypted) != 0,
                     .compressed_size = row.compressed_size,
                     .local_offset = row.local_offset};
  if ((row.has & has_crc) != 0) entry.crc = row.crc;
  if ((row.has & has_modified) != 0) entry.modified = row.modified;
  if ((row.has & has_raw_name) != 0)
    entry.raw_name = std::ranges::lower_bound(raw_names_, place, {}, &RawName::place)->name;
  return entry;
}

std::uint64_t Contents::memory_bytes() const {
  return texts_.memory_bytes() + rows_.size() * sizeof(Row) + raw_names_.size() * sizeof(RawName);
}

std::optional<std::size_t> Contents::find(std::string_view name) const {
  for (std::size_t place = 0; place < rows_.size(); ++place) {
    Row const& row = rows_[place];
    if (std::string_view(row.name, row.name_size) == name) return place;
  }
  return std::nullopt;
}

}  // namespace archive
