#include "zip/read/archive_end.h"

#include "base/error.h"
#include "zip/format.h"
#include "zip/read/header_fields.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace zip {
namespace {

// The fields that both kinds of end record have (APPNOTE 4.3.14 and 4.3.16).
struct EndFields {
  std::uint64_t disk, central_disk;
  std::uint64_t entries_here, entries;
  std::uint64_t central_size, central_offset;
};

// The last bytes of an archive, found by their offsets in it.
struct Tail {
  std::string_view bytes;
  std::uint64_t offset;  // of the first byte

  std::string_view from(std::uint64_t at) const { return bytes.substr(at - offset); }
};

// The size of an end record that begins here, with its comment.
std::size_t size_of_end(std::string_view record) {
  Cursor comment_size(record.substr(end_of_central_dir_size - 2));
  return std::size_t{end_of_central_dir_size} + comment_size.number16();
}

// Whether the comment of an end record that begins here reaches to the last byte.
bool ends_here(std::string_view record) {
  return record.size() >= end_of_central_dir_size && size_of_end(record) == record.size();
}

// The last place where a record begins that `fits` takes for an end record; nullopt if there is
// none.
template <class Fits>
std::optional<std::uint64_t> last_end_record(Tail const& tail, Fits const& fits) {
  constexpr std::string_view signature = "PK\5\6";
  for (std::size_t at = tail.bytes.rfind(signature); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : tail.bytes.rfind(signature, at - 1))
    if (fits(tail.bytes.substr(at), tail.offset + at)) return tail.offset + at;
  return std::nullopt;
}

EndFields parse_end_record(std::string_view record) {
  Cursor cursor(record.substr(4));
  EndFields fields{};
  fields.disk = cursor.number16();
  fields.central_disk = cursor.number16();
  fields.entries_here = cursor.number16();
  fields.entries = cursor.number16();
  fields.central_size = cursor.number32();
  fields.central_offset = cursor.number32();
  return fields;
}

bool has_locator(Tail const& tail, std::uint64_t end_record) {
  if (end_record - tail.offset < zip64_end_locator_size) return false;
  return Cursor(tail.from(end_record - zip64_end_locator_size)).number32() ==
         zip64_end_locator_signature;
}

// The place where the ZIP64 end record begins, by its locator (4.3.15).
std::uint64_t locate_zip64_end(Tail const& tail, std::uint64_t locator) {
  Cursor cursor(tail.from(locator));
  cursor.number32();  // signature
  std::uint32_t const disk = cursor.number32();
  std::uint64_t const offset = cursor.number64();
  std::uint32_t const disk_count = cursor.number32();
  if (disk != 0 || disk_count > 1) refuse_archive("it is spread over several disks");
  if (offset > locator || locator - offset < zip64_end_size)
    refuse_archive("the locator points to no ZIP64 end record in front of it");
  if (offset < tail.offset) refuse_archive("the ZIP64 end record is too far from the end");
  return offset;
}

EndFields parse_zip64_end(std::string_view record, std::uint64_t record_size, Rules rules) {
  Cursor cursor(record);
  if (cursor.number32() != zip64_end_signature)
    refuse_archive("the locator points to no ZIP64 end record in front of it");
  // The size counts the bytes after this very field (4.3.14.1).
  if (cursor.number64() != record_size - 12)
    refuse_archive("the ZIP64 end record does not reach to its locator");
  std::uint16_t const made_by = cursor.number16();
  std::uint16_t const needed = cursor.number16();
  if (rules == Rules::ours && (made_by != version_made_by || needed != version_needed_zip64 ||
                               record_size != zip64_end_size))
    refuse_archive("the ZIP64 end record is not as we write it");
  EndFields fields{};
  fields.disk = cursor.number32();
  fields.central_disk = cursor.number32();
  fields.entries_here = cursor.number64();
  fields.entries = cursor.number64();
  fields.central_size = cursor.number64();
  fields.central_offset = cursor.number64();
  return fields;
}

// The old record's fields must be the ZIP64 record's, or the escape. In our archives a field is
// escaped exactly if its value does not fit.
void check_old_fields(EndFields const& old, EndFields const& wide, Rules rules) {
  auto const check = [rules](std::uint64_t narrow, std::uint64_t value, std::uint64_t escape) {
    if (narrow != value && narrow != escape)
      refuse_archive("the end record and the ZIP64 end record do not agree");
    if (rules == Rules::ours && narrow != std::min(value, escape))
      refuse_archive("the end record hides a number that fits");
  };
  check(old.disk, wide.disk, zip64_escape_16);
  check(old.central_disk, wide.central_disk, zip64_escape_16);
  check(old.entries_here, wide.entries_here, zip64_escape_16);
  check(old.entries, wide.entries, zip64_escape_16);
  check(old.central_size, wide.central_size, zip64_escape_32);
  check(old.central_offset, wide.central_offset, zip64_escape_32);
}

// The end record's place: the last that fits, as for all readers. An earlier one may stand in a
// name or in an entry's bytes, which are the user's. If none reaches to the last byte, the last one
// is taken whose central directory ends at it: bytes behind it belong to nothing.
std::uint64_t find_end_record(Tail const& tail, Rules rules) {
  auto const is_last = [](std::string_view record, std::uint64_t) { return ends_here(record); };
  auto const is_whole = [&tail](std::string_view record, std::uint64_t at) {
    if (record.size() < end_of_central_dir_size || size_of_end(record) > record.size())
      return false;
    EndFields const fields = parse_end_record(record);
    return fields.central_offset + fields.central_size == at || has_locator(tail, at);
  };
  auto found = last_end_record(tail, is_last);
  if (!found && rules == Rules::any) found = last_end_record(tail, is_whole);
  if (!found) refuse_archive("there is no end of central directory: it is cut, or no zip");
  return *found;
}

bool needs_zip64(EndFields const& fields) {
  return fields.entries >= zip64_escape_16 || fields.central_size >= zip64_escape_32 ||
         fields.central_offset >= zip64_escape_32;
}

// `records` is where the end records begin and the central directory must end.
void check_fields(EndFields const& fields, std::uint64_t records) {
  if (fields.disk != 0 || fields.central_disk != 0 || fields.entries_here != fields.entries)
    refuse_archive("it is spread over several disks");
  if (fields.central_offset > records || fields.central_size > records - fields.central_offset)
    refuse_archive("the central directory reaches beyond its end record");
  if (fields.central_size < records - fields.central_offset)
    refuse_archive(fmt::format(
        "{} bytes stand between the central directory and its end record, or before the archive",
        records - fields.central_offset - fields.central_size));
  if (fields.entries > fields.central_size / central_header_fixed_size)
    refuse_archive(fmt::format("the central directory has no room for {} entries", fields.entries));
}

}  // namespace

std::uint64_t tail_size(std::uint64_t archive_size) {
  constexpr std::uint64_t longest =
      zip64_end_size + zip64_end_locator_size + end_of_central_dir_size + 0xFFFF;
  return std::min(archive_size, longest);
}

End find_end(std::string_view tail_bytes, std::uint64_t archive_size, Rules rules) {
  base::check(tail_bytes.size() == tail_size(archive_size), "the whole tail is given");
  if (archive_size > max_archive_bytes) refuse_archive("it is larger than offsets can say");
  Tail const tail{tail_bytes, archive_size - tail_bytes.size()};
  std::uint64_t const end_record = find_end_record(tail, rules);
  EndFields fields = parse_end_record(tail.from(end_record));
  bool const zip64 = has_locator(tail, end_record);
  std::uint64_t records = end_record;
  if (zip64) {
    std::uint64_t const locator = end_record - zip64_end_locator_size;
    records = locate_zip64_end(tail, locator);
    EndFields const old = fields;
    fields = parse_zip64_end(tail.from(records), locator - records, rules);
    check_old_fields(old, fields, rules);
  }
  check_fields(fields, records);
  if (rules == Rules::ours) {
    if (archive_size - end_record != end_of_central_dir_size)
      refuse_archive("it has a comment, which we write none of");
    if (zip64 && !needs_zip64(fields)) refuse_archive("a ZIP64 end record that nothing needs");
    if (!zip64 && needs_zip64(fields)) refuse_archive("the ZIP64 end record is missing");
  }
  std::uint64_t const end = end_record + size_of_end(tail.from(end_record));
  return {{fields.central_offset, fields.central_size}, fields.entries, zip64, archive_size - end};
}

}  // namespace zip
