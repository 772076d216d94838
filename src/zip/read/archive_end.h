// The end of an archive: the place of its central directory, and its number of entries. The first
// step of reading one; see reader.h. Pure.
//
// Refuses archives over several disks, archives behind other bytes (self-extracting), an encrypted
// central directory, and ends that can be read in two ways. Bytes behind the end, such as a
// download's padding, are counted, up to 64 KiB.
#pragma once

#include "zip/layout.h"

#include <cstdint>
#include <string_view>

namespace zip {

// The rules that any archive must keep to be read without doubt, and those that ours keep besides
// (docs/inside/zip-format.md).
enum class Rules : std::uint8_t { any, ours };

// The facts that the end of an archive tells.
struct End {
  base::Extent central{0, 0};      // the central directory
  std::uint64_t entry_count = 0;   // no more than central could hold
  bool zip64 = false;              // there is a ZIP64 end record
  std::uint64_t bytes_behind = 0;  // bytes behind its comment, which are no part of it
  bool operator==(End const&) const = default;
};

// The number of bytes at the end of an archive that find_end() needs: end records, longest comment.
std::uint64_t tail_size(std::uint64_t archive_size);
// `tail` holds the last tail_size(archive_size) bytes.
End find_end(std::string_view tail, std::uint64_t archive_size, Rules rules = Rules::any);

}  // namespace zip
