#include "zip/read/own_rules.h"

#include "base/text.h"
#include "zip/blocks.h"
#include "zip/format.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace zip {
namespace {

void check_form(ListedEntry const& entry) {
  if (entry.method != method_stored && entry.method != method_deflated)
    refuse_entry(entry.name, fmt::format("we do not write method {}", entry.method));
  switch (form_of(entry)) {
    case Form::directory:
      if (entry.method != method_stored || entry.size != 0 || entry.crc != 0)
        refuse_entry(entry.name, "a directory has no data, no CRC-32 and method 0");
      break;
    case Form::stored:
      break;  // equal sizes are a rule for any archive
    case Form::stored_blocks:
      // The first bound keeps the sum of the second from wrapping around.
      if (entry.size > entry.compressed_size || entry.compressed_size != blocks_size(entry.size))
        refuse_entry(entry.name, "its compressed size is not that of stored deflate blocks");
      break;
  }
}

void check_flags(ListedEntry const& entry) {
  auto const is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  bool const says_utf8 = !std::ranges::all_of(entry.name, is_ascii) && base::is_utf8(entry.name);
  bool const descriptor = form_of(entry) == Form::stored_blocks;
  int const wanted = (says_utf8 ? flag_utf8 : 0) | (descriptor ? flag_descriptor : 0);
  if (entry.flags != wanted)
    refuse_entry(entry.name,
                 fmt::format("its flags are 0x{:04x}, not 0x{:04x}", entry.flags, wanted));
}

// The ZIP64 field must hold those of the three numbers that do not fit, and after an entry of
// 0xFFFFFFFF bytes both sizes beside an offset.
void check_zip64(CentralHeader const& header, ExtraFields const& extra, ListedEntry const& entry,
                 bool after_escape_like) {
  bool const offset = entry.local_offset >= zip64_escape_32;
  bool const both_sizes = offset && after_escape_like;
  bool const size = both_sizes || entry.size >= zip64_escape_32;
  bool const compressed = both_sizes || entry.compressed_size >= zip64_escape_32;
  std::size_t const wanted_size = (offset ? 8U : 0U) + (size ? 8U : 0U) + (compressed ? 8U : 0U);
  if (wanted_size > 0 && !extra.zip64) refuse_entry(entry.name, "its ZIP64 field is missing");
  if (wanted_size == 0 && extra.zip64)
    refuse_entry(entry.name, "it has a ZIP64 field that it does not need");
  bool const as_needed = (header.size == zip64_escape_32) == size &&
                         (header.compressed_size == zip64_escape_32) == compressed &&
                         (header.local_offset == zip64_escape_32) == offset;
  if (!as_needed || (extra.zip64 && extra.zip64->size() != wanted_size))
    refuse_entry(entry.name, "its ZIP64 field does not hold exactly what does not fit");
}

std::uint16_t needed_version(ListedEntry const& entry, ExtraFields const& extra) {
  if (extra.zip64) return version_needed_zip64;
  switch (form_of(entry)) {
    case Form::directory:
      return version_needed_directory;
    case Form::stored:
      return version_needed_default;
    case Form::stored_blocks:
      return version_needed_deflate;
  }
  return 0;
}

// The MS-DOS time must be the timestamp's, in even seconds from 1980 on; without a timestamp it
// must be a time that no timestamp can hold.
void check_time(ListedEntry const& entry, ExtraFields const& extra) {
  constexpr std::int64_t first = 315'532'800;  // 1980-01-01T00:00:00Z
  auto const dos = unix_time(entry.dos_time);
  if (!dos) refuse_entry(entry.name, "its MS-DOS time is no time");
  if (extra.timestamp) {
    bool const as_written = extra.timestamp->size() == extra_timestamp_data_size &&
                            extra.timestamp->front() == timestamp_has_modified;
    if (!as_written || *entry.modified < 0)
      refuse_entry(entry.name, "its timestamp is not as we write it");
    if (*dos != std::max(first, *entry.modified) / 2 * 2)
      refuse_entry(entry.name, "its two times do not agree");
  } else if (*dos != first && *dos < std::numeric_limits<std::int32_t>::max()) {
    refuse_entry(entry.name, "its timestamp is missing");
  }
}

}  // namespace

Form form_of(ListedEntry const& entry) {
  if (entry.is_directory()) return Form::directory;
  return entry.method == method_deflated ? Form::stored_blocks : Form::stored;
}

void check_own_header(CentralHeader const& header, ExtraFields const& extra,
                      ListedEntry const& entry, bool after_escape_like) {
  check_form(entry);
  check_flags(entry);
  check_zip64(header, extra, entry, after_escape_like);
  if (!extra.as_written_by_us)
    refuse_entry(entry.name, "it has extra fields that we do not write, or in another order");
  check_time(entry, extra);
  std::uint16_t const needed = needed_version(entry, extra);
  if (entry.version_made_by != version_made_by || entry.version_needed != needed)
    refuse_entry(entry.name,
                 fmt::format("it is of version 0x{:04x} and needs {}, not 0x{:04x} and {}",
                             entry.version_made_by, entry.version_needed, version_made_by, needed));
  std::uint32_t const attributes = entry.is_directory() ? directory_attributes : file_attributes;
  if (entry.external_attributes != attributes || header.internal_attributes != 0)
    refuse_entry(entry.name, "its attributes are not those of our files and directories");
  if (!header.comment.empty()) refuse_entry(entry.name, "it has a comment");
}

}  // namespace zip
