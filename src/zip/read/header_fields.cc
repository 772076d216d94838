#include "zip/read/header_fields.h"

#include "base/error.h"
#include "zip/format.h"
#include "zip/names.h"

#include <chrono>

#include <fmt/format.h>

namespace zip {

void refuse_archive(std::string const& problem) {
  throw base::Error(base::Fault::corrupt, "zip: " + problem);
}

void refuse_entry(std::string_view name, std::string_view problem) {
  throw base::Error(base::Fault::corrupt,
                    fmt::format("zip entry \"{}\": {}", shown_name(name), problem));
}

std::string_view Cursor::text(std::size_t size) {
  if (size > rest_.size()) refuse_archive("a record ends early");
  std::string_view const taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::uint64_t Cursor::number(std::size_t bytes) {
  std::uint64_t value = 0;
  std::string_view const taken = text(bytes);
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(taken[i]);
  return value;
}

std::optional<std::int64_t> ExtraFields::modified() const {
  bool const told = timestamp && timestamp->size() >= extra_timestamp_data_size &&
                    (timestamp->front() & timestamp_has_modified) != 0;
  if (!told) return std::nullopt;
  return static_cast<std::int32_t>(Cursor(timestamp->substr(1)).number32());
}

ExtraFields parse_extra_fields(std::string_view name, std::string_view extra) {
  ExtraFields fields;
  auto const keep = [&](std::optional<std::string_view>& place, std::string_view data) {
    if (place) refuse_entry(name, "an extra field comes twice");
    place = data;
  };
  Cursor cursor(extra);
  while (!cursor.rest().empty()) {
    if (cursor.rest().size() < extra_header_size)
      refuse_entry(name, "its extra fields end inside a field's header");
    std::uint16_t const id = cursor.number16();
    std::uint16_t const size = cursor.number16();
    if (size > cursor.rest().size())
      refuse_entry(name, fmt::format("the extra field 0x{:04x} is longer than its header", id));
    std::string_view const data = cursor.text(size);
    if (id == extra_zip64) {
      if (fields.timestamp) fields.as_written_by_us = false;
      keep(fields.zip64, data);
    } else if (id == extra_timestamp) {
      keep(fields.timestamp, data);
    } else {
      fields.as_written_by_us = false;
    }
  }
  return fields;
}

LocalTexts local_texts(std::string_view fixed) {
  Cursor cursor(fixed);
  cursor.text(26);
  std::uint16_t const name_size = cursor.number16();
  return {name_size, cursor.number16()};
}

namespace {

// Reads the fields that local and central headers share, in the same order.
void read_shared_fields(Cursor& cursor, auto& header) {
  header.version_needed = cursor.number16();
  header.flags = cursor.number16();
  header.method = cursor.number16();
  header.dos_time = cursor.number32();
  header.crc = cursor.number32();
  header.compressed_size = cursor.number32();
  header.size = cursor.number32();
}

}  // namespace

LocalHeader parse_local_header(std::string_view bytes) {
  Cursor cursor(bytes);
  cursor.number32();  // signature
  LocalHeader header{};
  read_shared_fields(cursor, header);
  std::uint16_t const name_size = cursor.number16();
  std::uint16_t const extra_size = cursor.number16();
  header.name = cursor.text(name_size);
  header.extra = cursor.text(extra_size);
  return header;
}

std::optional<CentralHeader> parse_central_header(std::string_view bytes) {
  if (bytes.size() < central_header_fixed_size) return std::nullopt;
  Cursor cursor(bytes);
  if (cursor.number32() != central_header_signature)
    refuse_archive("the central directory holds what is no central header");
  CentralHeader header{};
  header.version_made_by = cursor.number16();
  read_shared_fields(cursor, header);
  std::uint16_t const name_size = cursor.number16();
  std::uint16_t const extra_size = cursor.number16();
  std::uint16_t const comment_size = cursor.number16();
  header.disk = cursor.number16();
  header.internal_attributes = cursor.number16();
  header.external_attributes = cursor.number32();
  header.local_offset = cursor.number32();
  std::size_t const texts_size = std::size_t{name_size} + extra_size + comment_size;
  if (cursor.rest().size() < texts_size) return std::nullopt;
  header.name = cursor.text(name_size);
  header.extra = cursor.text(extra_size);
  header.comment = cursor.text(comment_size);
  return header;
}

std::uint64_t size_of(CentralHeader const& header) {
  return central_header_fixed_size + header.name.size() + header.extra.size() +
         header.comment.size();
}

std::optional<std::int64_t> unix_time(std::uint32_t dos_time) {
  using namespace std::chrono;
  std::uint32_t const date = dos_time >> 16;
  std::uint32_t const time = dos_time & 0xFFFF;
  year_month_day const day{year{1980 + static_cast<int>(date >> 9)}, month{date >> 5 & 15},
                           std::chrono::day{date & 31}};
  std::uint32_t const hour = time >> 11;
  std::uint32_t const minute = time >> 5 & 63;
  std::uint32_t const second = (time & 31) * 2;
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  auto const point = sys_days{day} + hours{hour} + minutes{minute} + seconds{second};
  return duration_cast<seconds>(point.time_since_epoch()).count();
}

}  // namespace zip
