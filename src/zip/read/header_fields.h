// The records of a zip as their bytes say, field by field, before any check of their meaning: for
// the strict reader (reader.h, archive_check.h) alone. Every length is checked against the bytes
// there are. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zip {

// Throw Error{corrupt}.
[[noreturn]] void refuse_archive(std::string const& problem);
[[noreturn]] void refuse_entry(std::string_view name, std::string_view problem);

// Reads little-endian numbers and texts from the front of bytes; refuses to read past their end.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  std::uint16_t number16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t number32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t number64() { return number(8); }
  std::string_view text(std::size_t size);
  std::string_view rest() const { return rest_; }

 private:
  std::uint64_t number(std::size_t bytes);
  std::string_view rest_;
};

// The extra fields of a header (APPNOTE 4.5) that we know.
struct ExtraFields {
  std::optional<std::string_view> zip64;
  std::optional<std::string_view> timestamp;
  // True if they are as our writer has them: the ZIP64 field first, then the timestamp, no others.
  bool as_written_by_us = true;

  // Unix seconds, if the timestamp field tells a modification time.
  std::optional<std::int64_t> modified() const;
};
// Throws if the fields do not fill the extra bytes exactly, or if one comes twice.
ExtraFields parse_extra_fields(std::string_view name, std::string_view extra);

// APPNOTE 4.3.7. The texts point into the bytes.
struct LocalHeader {
  std::uint16_t version_needed, flags, method;
  std::uint32_t dos_time, crc, compressed_size, size;
  std::string_view name, extra;
};
// Sizes of name and extra in a header's fixed bytes; its signature is not checked.
struct LocalTexts {
  std::uint16_t name_size, extra_size;
};
LocalTexts local_texts(std::string_view fixed);
// `bytes` is the whole header, signature included.
LocalHeader parse_local_header(std::string_view bytes);

// APPNOTE 4.3.12.
struct CentralHeader {
  std::uint16_t version_made_by, version_needed, flags, method;
  std::uint32_t dos_time, crc, compressed_size, size;
  std::uint16_t disk, internal_attributes;
  std::uint32_t external_attributes, local_offset;
  std::string_view name, extra, comment;
};
// The header at the front of `bytes`, without checks of its fields; nullopt if it needs more bytes.
// Throws if none begins here.
std::optional<CentralHeader> parse_central_header(std::string_view bytes);
std::uint64_t size_of(CentralHeader const& header);

// The MS-DOS time and date, taken as UTC; nullopt if it is no valid time.
std::optional<std::int64_t> unix_time(std::uint32_t dos_time);

}  // namespace zip
