#include "zip/read/archive_check.h"

#include "base/digest.h"
#include "zip/blocks.h"
#include "zip/format.h"
#include "zip/read/header_fields.h"
#include "zip/read/own_rules.h"

#include <algorithm>
#include <functional>
#include <string>

#include <fmt/format.h>

namespace zip {
namespace {

// Whether the local header has a ZIP64 field, and the descriptor 8-byte sizes.
bool has_local_zip64(ListedEntry const& entry) {
  return form_of(entry) == Form::stored_blocks ? entry.compressed_size > zip64_escape_32
                                               : entry.size >= zip64_escape_32;
}

std::uint64_t descriptor_size(ListedEntry const& entry) {
  if (form_of(entry) != Form::stored_blocks) return 0;
  return has_local_zip64(entry) ? zip64_descriptor_size : descriptor_fixed_size;
}

[[noreturn]] void refuse_difference(ListedEntry const& entry, char const* what) {
  refuse_entry(entry.name,
               fmt::format("its local header has another {} than its central one", what));
}

std::uint16_t needed_version(ListedEntry const& entry) {
  if (has_local_zip64(entry)) return version_needed_zip64;
  if (entry.is_directory()) return version_needed_directory;
  return form_of(entry) == Form::stored_blocks ? version_needed_deflate : version_needed_default;
}

// The size in a local header, in whichever field: 0 if a descriptor tells it.
std::uint64_t told_size(ListedEntry const& entry) {
  return form_of(entry) == Form::stored_blocks ? 0 : entry.size;
}

void check_local_extra(ListedEntry const& entry, ExtraFields const& extra) {
  if (!extra.as_written_by_us)
    refuse_entry(entry.name, "its local header has extra fields that we do not write");
  bool const same_time = extra.timestamp
                             ? extra.timestamp->size() == extra_timestamp_data_size &&
                                   extra.timestamp->front() == timestamp_has_modified &&
                                   entry.has_timestamp && extra.modified() == entry.modified
                             : !entry.has_timestamp;
  if (!same_time) refuse_difference(entry, "timestamp");
  bool const zip64 = has_local_zip64(entry);
  if (zip64 && !extra.zip64) refuse_entry(entry.name, "its local header lacks the ZIP64 field");
  if (!zip64 && extra.zip64)
    refuse_entry(entry.name, "its local header has a ZIP64 field that it does not need");
  if (!zip64) return;
  if (extra.zip64->size() != 16)
    refuse_entry(entry.name, "its local ZIP64 field does not hold both sizes");
  Cursor cursor(*extra.zip64);
  if (cursor.number64() != told_size(entry) || cursor.number64() != told_size(entry))
    refuse_difference(entry, "size");
}

void check_local_header(ListedEntry const& entry, LocalHeader const& header) {
  bool const later = form_of(entry) == Form::stored_blocks;  // CRC and sizes: in the descriptor
  std::uint64_t const size = has_local_zip64(entry) ? zip64_escape_32 : told_size(entry);
  if (header.name != entry.name) refuse_difference(entry, "name");
  if (header.flags != entry.flags) refuse_difference(entry, "set of flags");
  if (header.method != entry.method) refuse_difference(entry, "method");
  if (header.dos_time != entry.dos_time) refuse_difference(entry, "MS-DOS time");
  if (header.crc != (later ? 0 : entry.crc)) refuse_difference(entry, "CRC-32");
  if (header.size != size || header.compressed_size != size) refuse_difference(entry, "size");
  check_local_extra(entry, parse_extra_fields(entry.name, header.extra));
  if (header.version_needed != needed_version(entry))
    refuse_entry(entry.name, fmt::format("its local header needs version {}, not {}",
                                         header.version_needed, needed_version(entry)));
}

// Walks through the archive in front of its central directory.
class Walk {
 public:
  Walk(Source const& source, std::uint64_t central_offset)
      : source_(source), central_offset_(central_offset) {}

  void pass(ListedEntry const& entry);
  void finish() const;

 private:
  std::string take(ListedEntry const& entry, std::uint64_t size);
  std::uint32_t pass_stored(ListedEntry const& entry);
  std::uint32_t pass_blocks(ListedEntry const& entry);
  void check_descriptor(ListedEntry const& entry);
  // Hands `size` bytes on, in pieces.
  void pass_bytes(std::uint64_t size, std::function<void(std::string_view)> const& see);

  Source const& source_;
  std::uint64_t central_offset_;
  std::uint64_t position_ = 0;
};

void Walk::pass(ListedEntry const& entry) {
  if (entry.local_offset < position_) refuse_entry(entry.name, "it overlaps the entry before it");
  if (entry.local_offset > position_)
    refuse_entry(entry.name, fmt::format("{} bytes before it belong to no entry",
                                         entry.local_offset - position_));
  std::string header = take(entry, local_header_fixed_size);
  if (Cursor(header).number32() != local_header_signature)
    refuse_entry(entry.name, "there is no local header at its place");
  LocalTexts const texts = local_texts(header);
  header += take(entry, std::uint64_t{texts.name_size} + texts.extra_size);
  check_local_header(entry, parse_local_header(header));

  std::uint64_t const left = central_offset_ - position_;
  if (entry.compressed_size > left || descriptor_size(entry) > left - entry.compressed_size)
    refuse_entry(entry.name, "it reaches into the central directory");
  bool const blocks = form_of(entry) == Form::stored_blocks;
  std::uint32_t const crc = blocks ? pass_blocks(entry) : pass_stored(entry);
  if (crc != entry.crc)
    refuse_entry(entry.name, fmt::format("its bytes have the CRC-32 {:08x}, but {:08x} is listed",
                                         crc, entry.crc));
  check_descriptor(entry);
}

void Walk::finish() const {
  if (position_ != central_offset_)
    refuse_archive(fmt::format("{} bytes before the central directory belong to no entry",
                               central_offset_ - position_));
}

std::string Walk::take(ListedEntry const& entry, std::uint64_t size) {
  if (size > central_offset_ - position_)
    refuse_entry(entry.name, "it reaches into the central directory");
  std::string bytes;
  pass_bytes(size, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

std::uint32_t Walk::pass_stored(ListedEntry const& entry) {
  std::uint32_t crc = 0;
  pass_bytes(entry.size, [&](std::string_view piece) { crc = base::crc32(crc, piece); });
  return crc;
}

std::uint32_t Walk::pass_blocks(ListedEntry const& entry) {
  std::uint32_t crc = 0;
  std::uint64_t at = 0;  // in the encoded data
  pass_bytes(entry.compressed_size, [&](std::string_view piece) {
    while (!piece.empty()) {
      BlockRun const run = run_at(entry.size, at);
      std::string_view const bytes = piece.substr(0, run.size);
      if (!run.is_header) {
        crc = base::crc32(crc, bytes);
      } else if (bytes != run.header_bytes().substr(0, bytes.size())) {
        refuse_entry(entry.name, fmt::format("its stored deflate block {} has a wrong header",
                                             at / (block_header_size + max_block_data)));
      }
      at += bytes.size();
      piece.remove_prefix(bytes.size());
    }
  });
  return crc;
}

void Walk::check_descriptor(ListedEntry const& entry) {
  std::uint64_t const size = descriptor_size(entry);
  if (size == 0) return;
  std::string const bytes = take(entry, size);
  Cursor cursor(bytes);
  if (cursor.number32() != descriptor_signature)
    refuse_entry(entry.name, "its descriptor is not behind its data");
  bool const wide = size == zip64_descriptor_size;
  auto const number = [&]() -> std::uint64_t {
    return wide ? cursor.number64() : cursor.number32();
  };
  bool const agrees =
      cursor.number32() == entry.crc && number() == entry.compressed_size && number() == entry.size;
  if (!agrees) refuse_entry(entry.name, "its descriptor does not agree with its central header");
}

void Walk::pass_bytes(std::uint64_t size, std::function<void(std::string_view)> const& see) {
  read_pieces(source_, {position_, size}, see);
  position_ += size;
}

// Two entries with one name would be unpacked over each other.
void check_names(std::vector<ListedEntry> const& entries) {
  std::vector<std::string_view> names;
  names.reserve(entries.size());
  for (ListedEntry const& entry : entries) names.push_back(entry.name);
  std::ranges::sort(names);
  auto const twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) refuse_entry(*twice, "two entries have this name");
}

}  // namespace

std::vector<ListedEntry> check_archive(Source const& source) {
  Listing listing = list_archive(source, Rules::ours);
  check_names(listing.entries);
  Walk walk(source, listing.end.central.offset);
  for (ListedEntry const& entry : listing.entries) walk.pass(entry);
  walk.finish();
  return std::move(listing.entries);
}

}  // namespace zip
