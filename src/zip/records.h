// The bytes of zip records: headers, descriptors, the end of the archive. Each writer stands beside
// the function that gives its size, and checks that the two agree.
//
// `crc` is the CRC-32 of the object's bytes (APPNOTE 4.4.7); it is ignored for a directory.
#pragma once

#include "zip/layout.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace zip {

// Whether the local header has ZIP64 sizes and the descriptor 8-byte ones (APPNOTE 4.5.3, 4.3.9.2).
bool has_local_zip64(Entry const& entry);

std::uint64_t local_header_size(Entry const& entry);
// `crc` is ignored if it goes into a descriptor.
void append_local_header(std::string& out, Layout const& layout, std::size_t index,
                         std::uint32_t crc);

// 0 if the entry has none; then append_descriptor() appends nothing.
std::uint64_t descriptor_size(Entry const& entry);
void append_descriptor(std::string& out, Layout const& layout, std::size_t index,
                       std::uint32_t crc);

// `repeats_sizes`: see Layout::repeats_sizes().
std::uint64_t central_header_size(Entry const& entry, std::uint64_t local_offset,
                                  bool repeats_sizes);
void append_central_header(std::string& out, Layout const& layout, std::size_t index,
                           std::uint32_t crc);

// `central` is the extent of the central directory.
std::uint64_t end_records_size(std::size_t entry_count, base::Extent central);
void append_end_records(std::string& out, Layout const& layout);

}  // namespace zip
