// The numbers of the zip format that we write, under the section of PKWARE's APPNOTE 6.3.10 that
// defines them. All integers of the format are little-endian (4.4.1.1). docs/inside/zip-format.md
// draws the whole archive and says why each field is written as it is.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zip {

// The version of the bytes that a given list of entries becomes. Any change to the bytes that we
// write for the same input needs a new number: jobs and links of another version are not continued.
inline constexpr int layout_version = 1;

// ---- signatures
inline constexpr std::uint32_t local_header_signature = 0x04034b50;        // 4.3.7
inline constexpr std::uint32_t descriptor_signature = 0x08074b50;          // 4.3.9.3
inline constexpr std::uint32_t central_header_signature = 0x02014b50;      // 4.3.12
inline constexpr std::uint32_t zip64_end_signature = 0x06064b50;           // 4.3.14
inline constexpr std::uint32_t zip64_end_locator_signature = 0x07064b50;   // 4.3.15
inline constexpr std::uint32_t end_of_central_dir_signature = 0x06054b50;  // 4.3.16

// ---- sizes of the records in bytes, without names and extra fields
inline constexpr std::uint64_t local_header_fixed_size = 30;    // 4.3.7
inline constexpr std::uint64_t descriptor_fixed_size = 16;      // 4.3.9, with signature
inline constexpr std::uint64_t zip64_descriptor_size = 24;      // 4.3.9.2, with signature
inline constexpr std::uint64_t central_header_fixed_size = 46;  // 4.3.12
inline constexpr std::uint64_t zip64_end_size = 56;             // 4.3.14
inline constexpr std::uint64_t zip64_end_locator_size = 20;     // 4.3.15
inline constexpr std::uint64_t end_of_central_dir_size = 22;    // 4.3.16
// The ZIP64 end record's own size field counts the bytes after this very field (4.3.14.1).
inline constexpr std::uint64_t zip64_end_remaining_size = zip64_end_size - 12;

// ---- general purpose bit flags (4.4.4)
inline constexpr std::uint16_t flag_descriptor = 1U << 3;
inline constexpr std::uint16_t flag_utf8 = 1U << 11;

// ---- compression methods (4.4.5)
inline constexpr std::uint16_t method_stored = 0;
inline constexpr std::uint16_t method_deflated = 8;

// ---- versions: ten times the APPNOTE's (4.4.2, 4.4.3)
// Made by: Unix (3), so that readers take the mode from the external attributes; 6.3, the version
// that brought UTF-8 names.
inline constexpr std::uint16_t version_made_by = (3U << 8) | 63;
inline constexpr std::uint16_t version_needed_default = 10;
inline constexpr std::uint16_t version_needed_directory = 20;
inline constexpr std::uint16_t version_needed_deflate = 20;
inline constexpr std::uint16_t version_needed_zip64 = 45;

// ---- external attributes: a Unix mode in the high half, MS-DOS attributes in the low (4.4.15)
inline constexpr std::uint32_t file_attributes = 0100644U << 16;
inline constexpr std::uint32_t directory_attributes = (040755U << 16) | 0x10;

// ---- extra fields (4.5): id and size of the data, then the data
inline constexpr std::uint64_t extra_header_size = 4;  // 4.5.1
inline constexpr std::uint16_t extra_zip64 = 0x0001;   // 4.5.3
// Info-ZIP's extended timestamp (4.6.1; proginfo/extrafld.txt of Info-ZIP): a byte of flags, then
// 32-bit Unix times. Ours hold the modification time alone, in both headers.
inline constexpr std::uint16_t extra_timestamp = 0x5455;
inline constexpr std::uint8_t timestamp_has_modified = 1;
inline constexpr std::uint64_t extra_timestamp_data_size = 5;

// ---- the escapes that mean "see the ZIP64 record" (4.4.1.4); a value that equals its escape
// needs ZIP64 too
inline constexpr std::uint16_t zip64_escape_16 = 0xFFFF;
inline constexpr std::uint32_t zip64_escape_32 = 0xFFFFFFFF;

// ---- bounds
inline constexpr std::size_t max_name_bytes = 0xFFFF;  // 4.4.10: a 16-bit length
// Readers and HTTP clients keep offsets in signed 64-bit numbers.
inline constexpr std::uint64_t max_archive_bytes = 0x7FFFFFFFFFFFFFFF;

// ---- stored deflate blocks (RFC 1951, 3.2.4)
inline constexpr std::uint64_t block_header_size = 5;
inline constexpr std::uint64_t max_block_data = 0xFFFF;

}  // namespace zip
