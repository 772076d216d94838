// Writes each record field by field, in the order of its table in the APPNOTE.
#include "zip/records.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <limits>

namespace zip {
namespace {

// Appends the low `bytes` bytes of a value, lowest first (APPNOTE 4.4.1.1).
void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}
void put16(std::string& out, std::uint64_t value) {
  put(out, value, 2);
}
void put32(std::string& out, std::uint64_t value) {
  put(out, value, 4);
}
void put64(std::string& out, std::uint64_t value) {
  put(out, value, 8);
}

bool needs_escape(std::uint64_t value) {
  return value >= zip64_escape_32;
}

// The value of a 32-bit field whose number may stand in a ZIP64 record instead.
std::uint64_t escaped(std::uint64_t value) {
  return std::min<std::uint64_t>(value, zip64_escape_32);
}

bool has_descriptor(Entry const& entry) {
  return entry.form == Form::stored_blocks;
}

std::uint16_t method(Entry const& entry) {
  return entry.form == Form::stored_blocks ? method_deflated : method_stored;
}

std::uint32_t stored_crc(Entry const& entry, std::uint32_t crc) {
  return entry.form == Form::directory ? 0 : crc;
}

// Bit 11 is set only if it matters: an ASCII name is the same with and without it, and old readers
// that stumble over the bit then never see it. A name that is not UTF-8, which names=exact may pass
// on, must not claim to be (APPNOTE appendix D).
std::uint16_t flags(Entry const& entry) {
  auto const is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  bool const ascii = std::all_of(entry.name.begin(), entry.name.end(), is_ascii);
  std::uint16_t const utf8 = !ascii && base::is_utf8(entry.name) ? flag_utf8 : 0;
  std::uint16_t const descriptor = has_descriptor(entry) ? flag_descriptor : 0;
  return utf8 | descriptor;
}

std::uint16_t version_needed(Entry const& entry, bool zip64) {
  if (zip64) return version_needed_zip64;
  if (entry.form == Form::directory) return version_needed_directory;
  return entry.form == Form::stored_blocks ? version_needed_deflate : version_needed_default;
}

// MS-DOS time and date in UTC (APPNOTE 4.4.6), time in the low half: hours 5 bits, minutes 6,
// seconds/2 5; date: years from 1980 7, month 4, day 5.
std::uint32_t dos_time(std::int64_t modified) {
  constexpr std::int64_t first = 315'532'800;   // 1980-01-01T00:00:00Z
  constexpr std::int64_t last = 4'354'819'199;  // 2107-12-31T23:59:59Z
  base::UtcTime const t = base::utc_time(std::clamp(modified, first, last));
  int const time = t.hour << 11 | t.minute << 5 | t.second / 2;
  int const date = (t.year - 1980) << 9 | t.month << 5 | t.day;
  return static_cast<std::uint32_t>(date) << 16 | static_cast<std::uint32_t>(time);
}

// The field is signed, but libarchive 3.6 and 7-Zip read it as unsigned: a time before 1970 would
// become one in 2106. Such a time is left to the DOS fields, as 1980.
bool has_timestamp(Entry const& entry) {
  return entry.modified >= 0 && entry.modified <= std::numeric_limits<std::int32_t>::max();
}

std::uint64_t timestamp_size(Entry const& entry) {
  return has_timestamp(entry) ? extra_header_size + extra_timestamp_data_size : 0;
}

void put_timestamp(std::string& out, Entry const& entry) {
  if (!has_timestamp(entry)) return;
  put16(out, extra_timestamp);
  put16(out, extra_timestamp_data_size);
  put(out, timestamp_has_modified, 1);
  put32(out, static_cast<std::uint64_t>(entry.modified));
}

// A local ZIP64 field always holds both sizes (APPNOTE 4.5.3); a central header's holds only the
// numbers that did not fit.
std::uint64_t local_zip64_size(Entry const& entry) {
  return has_local_zip64(entry) ? extra_header_size + 16 : 0;
}

void put_local_zip64(std::string& out, Entry const& entry) {
  if (!has_local_zip64(entry)) return;
  put16(out, extra_zip64);
  put16(out, 16);
  put64(out, has_descriptor(entry) ? 0 : entry.size);
  put64(out, has_descriptor(entry) ? 0 : compressed_size(entry));
}

// A central header's three numbers whose 32-bit fields may be escaped, each with its value in the
// ZIP64 field then; in the order of APPNOTE 4.5.3.
struct CentralNumbers {
  std::uint64_t size;
  std::uint64_t compressed_size;
  std::uint64_t local_offset;
  bool escape_sizes;  // both, whether they need it or not

  bool any_escaped() const { return size_escaped() || compressed_escaped() || offset_escaped(); }
  bool size_escaped() const { return escape_sizes || needs_escape(size); }
  bool compressed_escaped() const { return escape_sizes || needs_escape(compressed_size); }
  bool offset_escaped() const { return needs_escape(local_offset); }
};

CentralNumbers central_numbers(Entry const& entry, std::uint64_t local_offset, bool repeats_sizes) {
  return {.size = entry.size,
          .compressed_size = compressed_size(entry),
          .local_offset = local_offset,
          .escape_sizes = repeats_sizes && needs_escape(local_offset)};
}

std::uint64_t central_zip64_data_size(CentralNumbers const& numbers) {
  return (numbers.size_escaped() ? 8U : 0U) + (numbers.compressed_escaped() ? 8U : 0U) +
         (numbers.offset_escaped() ? 8U : 0U);
}

std::uint64_t central_zip64_size(CentralNumbers const& numbers) {
  return numbers.any_escaped() ? extra_header_size + central_zip64_data_size(numbers) : 0;
}

void put_central_zip64(std::string& out, CentralNumbers const& numbers) {
  if (!numbers.any_escaped()) return;
  put16(out, extra_zip64);
  put16(out, central_zip64_data_size(numbers));
  if (numbers.size_escaped()) put64(out, numbers.size);
  if (numbers.compressed_escaped()) put64(out, numbers.compressed_size);
  if (numbers.offset_escaped()) put64(out, numbers.local_offset);
}

void put32_or_escape(std::string& out, std::uint64_t value, bool escape) {
  put32(out, escape ? zip64_escape_32 : value);
}

bool has_end_zip64(std::size_t entry_count, base::Extent central) {
  return entry_count >= zip64_escape_16 || needs_escape(central.size) ||
         needs_escape(central.offset);
}

void put_zip64_end(std::string& out, std::size_t entry_count, base::Extent central) {
  put32(out, zip64_end_signature);
  put64(out, zip64_end_remaining_size);
  put16(out, version_made_by);
  put16(out, version_needed_zip64);
  put32(out, 0);            // number of this disk
  put32(out, 0);            // disk where the central directory starts
  put64(out, entry_count);  // on this disk
  put64(out, entry_count);
  put64(out, central.size);
  put64(out, central.offset);

  put32(out, zip64_end_locator_signature);
  put32(out, 0);              // disk of the ZIP64 end record
  put64(out, central.end());  // its offset
  put32(out, 1);              // number of disks
}

// Every writer must have written as many bytes as the layout has reserved.
void check_written(std::string const& out, std::size_t size_before, std::uint64_t expected) {
  base::check(out.size() - size_before == expected, "a zip record has the size that was planned");
}

}  // namespace

// A field that holds the escape itself needs ZIP64, so a stored entry of 0xFFFFFFFF bytes does. A
// stored_blocks header holds no sizes, so only the descriptor's form is decided here: Java's
// ZipInputStream takes 8-byte sizes from 0x100000000 on, and APPNOTE 4.3.9.2 agrees ("when a file's
// size exceeds 0xFFFFFFFF"). The object is always smaller than its blocks.
bool has_local_zip64(Entry const& entry) {
  if (entry.form == Form::stored_blocks) return compressed_size(entry) > zip64_escape_32;
  return needs_escape(entry.size);
}

std::uint64_t local_header_size(Entry const& entry) {
  return local_header_fixed_size + entry.name.size() + local_zip64_size(entry) +
         timestamp_size(entry);
}

// APPNOTE 4.3.7.
void append_local_header(std::string& out, Layout const& layout, std::size_t index,
                         std::uint32_t crc) {
  Entry const entry = layout.entry(index);
  std::size_t const size_before = out.size();
  bool const zip64 = has_local_zip64(entry);
  // 4.4.4, bit 3: CRC and sizes are zero here and follow in the descriptor. With ZIP64 the size
  // fields hold the escape and the extra field the zeros: readers of streams learn from it that the
  // descriptor's sizes have 8 bytes (4.3.9.2).
  bool const later = has_descriptor(entry);
  std::uint64_t const unknown = zip64 ? zip64_escape_32 : 0;

  put32(out, local_header_signature);
  put16(out, version_needed(entry, zip64));
  put16(out, flags(entry));
  put16(out, method(entry));
  put32(out, dos_time(entry.modified));
  put32(out, later ? 0 : stored_crc(entry, crc));
  // Both sizes are escaped or neither: method 0 has them equal, so that 4.5.3 is kept.
  put32(out, later ? unknown : escaped(compressed_size(entry)));
  put32(out, later ? unknown : escaped(entry.size));
  put16(out, entry.name.size());
  put16(out, local_zip64_size(entry) + timestamp_size(entry));
  out += entry.name;
  put_local_zip64(out, entry);
  put_timestamp(out, entry);
  check_written(out, size_before, local_header_size(entry));
}

std::uint64_t descriptor_size(Entry const& entry) {
  if (!has_descriptor(entry)) return 0;
  return has_local_zip64(entry) ? zip64_descriptor_size : descriptor_fixed_size;
}

// APPNOTE 4.3.9.
void append_descriptor(std::string& out, Layout const& layout, std::size_t index,
                       std::uint32_t crc) {
  Entry const entry = layout.entry(index);
  if (!has_descriptor(entry)) return;
  std::size_t const size_before = out.size();
  int const size_bytes = has_local_zip64(entry) ? 8 : 4;
  put32(out, descriptor_signature);
  put32(out, crc);
  put(out, compressed_size(entry), size_bytes);
  put(out, entry.size, size_bytes);
  check_written(out, size_before, descriptor_size(entry));
}

std::uint64_t central_header_size(Entry const& entry, std::uint64_t local_offset,
                                  bool repeats_sizes) {
  return central_header_fixed_size + entry.name.size() +
         central_zip64_size(central_numbers(entry, local_offset, repeats_sizes)) +
         timestamp_size(entry);
}

// APPNOTE 4.3.12.
void append_central_header(std::string& out, Layout const& layout, std::size_t index,
                           std::uint32_t crc) {
  Entry const entry = layout.entry(index);
  std::uint64_t const local_offset = layout.local(index).offset;
  bool const repeats_sizes = layout.repeats_sizes(index);
  CentralNumbers const numbers = central_numbers(entry, local_offset, repeats_sizes);
  std::size_t const size_before = out.size();

  put32(out, central_header_signature);
  put16(out, version_made_by);
  put16(out, version_needed(entry, numbers.any_escaped()));
  put16(out, flags(entry));
  put16(out, method(entry));
  put32(out, dos_time(entry.modified));
  put32(out, stored_crc(entry, crc));
  put32_or_escape(out, numbers.compressed_size, numbers.compressed_escaped());
  put32_or_escape(out, numbers.size, numbers.size_escaped());
  put16(out, entry.name.size());
  put16(out, central_zip64_size(numbers) + timestamp_size(entry));
  put16(out, 0);  // comment length
  put16(out, 0);  // disk where the entry starts
  put16(out, 0);  // internal attributes
  put32(out, entry.form == Form::directory ? directory_attributes : file_attributes);
  put32_or_escape(out, numbers.local_offset, numbers.offset_escaped());
  out += entry.name;
  put_central_zip64(out, numbers);
  put_timestamp(out, entry);
  check_written(out, size_before, central_header_size(entry, local_offset, repeats_sizes));
}

std::uint64_t end_records_size(std::size_t entry_count, base::Extent central) {
  std::uint64_t const zip64_size =
      has_end_zip64(entry_count, central) ? zip64_end_size + zip64_end_locator_size : 0;
  return zip64_size + end_of_central_dir_size;
}

// APPNOTE 4.3.14 to 4.3.16.
void append_end_records(std::string& out, Layout const& layout) {
  std::size_t const entry_count = layout.entry_count();
  base::Extent const central = layout.central_directory();
  std::size_t const size_before = out.size();
  if (has_end_zip64(entry_count, central)) put_zip64_end(out, entry_count, central);

  put32(out, end_of_central_dir_signature);
  put16(out, 0);  // number of this disk
  put16(out, 0);  // disk where the central directory starts
  put16(out, std::min<std::uint64_t>(entry_count, zip64_escape_16));  // on this disk
  put16(out, std::min<std::uint64_t>(entry_count, zip64_escape_16));
  put32(out, escaped(central.size));
  put32(out, escaped(central.offset));
  put16(out, 0);  // comment length
  check_written(out, size_before, end_records_size(entry_count, central));
}

}  // namespace zip
