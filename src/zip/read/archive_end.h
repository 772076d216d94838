// The end of an archive: where its central directory stands, and how many entries it has. The first
// step of reading one; see reader.h. Pure.
//
// Refused: archives over several disks, ones that stand behind other bytes (self-extracting), an
// encrypted central directory, and ends that can be read in two ways. Bytes behind the end, such as
// a download's padding, are counted, up to 64 KiB.
#pragma once

#include "zip/layout.h"

#include <cstdint>
#include <string_view>

namespace zip {

// Those that any archive must keep to be read without doubt; and what ours keep besides
// (docs/inside/zip-format.md).
enum class Rules : std::uint8_t { any, ours };

// What the end of an archive says.
struct End {
  base::Extent central{0, 0};      // the central directory
  std::uint64_t entry_count = 0;   // no more than central could hold
  bool zip64 = false;              // there is a ZIP64 end record
  std::uint64_t bytes_behind = 0;  // the archive and its comment, which are no part of it
  bool operator==(End const&) const = default;
};

// How many bytes at the end of an archive find_end() needs: the longest comment, the end records.
std::uint64_t tail_size(std::uint64_t archive_size);
// `tail` holds these bytes.
End find_end(std::string_view tail, std::uint64_t archive_size, Rules rules = Rules::any);

}  // namespace zip
