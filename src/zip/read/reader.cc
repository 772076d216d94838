#include "zip/read/reader.h"

#include "base/error.h"
#include "base/text.h"
#include "zip/format.h"
#include "zip/read/header_fields.h"
#include "zip/read/own_rules.h"

#include <algorithm>

#include <fmt/format.h>

namespace zip {
namespace {

constexpr std::uint16_t flag_encrypted = 1;
constexpr std::uint16_t flag_masked_header = 1U
                                             << 13;  // 4.4.4: numbers of local headers are hidden
constexpr unsigned made_by_unix = 3;                 // 4.4.2.2
constexpr std::uint64_t fetched_bytes = 1 << 20;

// Takes the three numbers, from the ZIP64 field where they are escaped (4.5.3). Some writers put
// more into it than is escaped; that is no fault. An escape without a field is the number itself.
void take_numbers(CentralHeader const& header, ExtraFields const& extra, ListedEntry& entry) {
  entry.size = header.size;
  entry.compressed_size = header.compressed_size;
  entry.local_offset = header.local_offset;
  std::uint32_t disk = header.disk;
  if (extra.zip64) {
    Cursor cursor(*extra.zip64);
    auto const take = [&](std::uint64_t& number) {
      if (number != zip64_escape_32) return;
      if (cursor.rest().size() < 8) refuse_entry(entry.name, "its ZIP64 field is too short");
      number = cursor.number64();
    };
    take(entry.size);
    take(entry.compressed_size);
    take(entry.local_offset);
    if (disk == zip64_escape_16 && cursor.rest().size() >= 4) disk = cursor.number32();
  }
  if (disk != 0) refuse_entry(entry.name, "it stands on another disk");
}

// The conditions for reading an entry without doubt.
void check_any(ListedEntry const& entry, base::Extent central) {
  if (entry.name.empty()) refuse_archive("an entry has no name");
  if (std::size_t const zero = entry.name.find('\0'); zero != std::string::npos)
    refuse_entry(entry.name.substr(0, zero), "the name goes on behind a zero byte");
  if ((entry.flags & flag_utf8) != 0 && !base::is_utf8(entry.name))
    refuse_entry(entry.name, "the name is said to be UTF-8, and is not");
  if ((entry.flags & flag_masked_header) != 0)
    refuse_entry(entry.name, "its local header is encrypted");
  bool const plain = entry.method == method_stored && (entry.flags & flag_encrypted) == 0;
  if (plain && entry.size != entry.compressed_size)
    refuse_entry(entry.name, "it is stored, but its two sizes differ");
  std::uint64_t const room = central.offset;
  std::uint64_t const header_size = local_header_fixed_size + entry.name.size();
  if (room < header_size || entry.local_offset > room - header_size ||
      entry.compressed_size > room - header_size - entry.local_offset)
    refuse_entry(entry.name, "it reaches into the central directory");
}

ListedEntry listed(CentralHeader const& header, ExtraFields const& extra) {
  ListedEntry entry{.name = std::string(header.name),
                    .version_made_by = header.version_made_by,
                    .version_needed = header.version_needed,
                    .flags = header.flags,
                    .method = header.method,
                    .dos_time = header.dos_time,
                    .crc = header.crc,
                    .external_attributes = header.external_attributes,
                    .modified = extra.modified()};
  entry.has_timestamp = entry.modified.has_value();
  if (!entry.has_timestamp) entry.modified = unix_time(header.dos_time);
  take_numbers(header, extra, entry);
  return entry;
}

}  // namespace

std::optional<std::uint32_t> ListedEntry::unix_mode() const {
  if (version_made_by >> 8 != made_by_unix) return std::nullopt;
  return external_attributes >> 16;
}

void DirectoryReader::feed(std::string_view bytes, Take const& take) {
  base::check(bytes.size() <= end_.central.size - fed_, "the central directory alone is fed");
  fed_ += bytes.size();
  pending_ += bytes;
  std::string_view rest = pending_;
  while (auto const header = parse_central_header(rest)) {
    if (listed_ == end_.entry_count)
      refuse_archive(
          fmt::format("the central directory has more than its {} entries", end_.entry_count));
    ++listed_;
    ExtraFields const extra = parse_extra_fields(header->name, header->extra);
    ListedEntry entry = listed(*header, extra);
    check_any(entry, end_.central);
    if (rules_ == Rules::ours) check_own_header(*header, extra, entry, after_escape_like_);
    after_escape_like_ = after_escape_like_ || entry.size == zip64_escape_32 ||
                         entry.compressed_size == zip64_escape_32;
    rest.remove_prefix(size_of(*header));
    take(std::move(entry));
  }
  pending_.erase(0, pending_.size() - rest.size());
}

void DirectoryReader::finish() {
  base::check(fed_ == end_.central.size, "the whole central directory was fed");
  if (!pending_.empty()) refuse_archive("the central directory ends inside a header");
  if (listed_ < end_.entry_count)
    refuse_archive(
        fmt::format("the central directory has {} of its {} entries", listed_, end_.entry_count));
}

Source source_of(std::string_view archive) {
  auto const read = [archive](base::Extent wanted) {
    return archive.substr(wanted.offset, wanted.size);
  };
  return {archive.size(), read};
}

void read_pieces(Source const& source, base::Extent stretch,
                 std::function<void(std::string_view)> const& see) {
  while (stretch.size > 0) {
    std::string_view const piece =
        source.read({stretch.offset, std::min(stretch.size, fetched_bytes)});
    base::check(!piece.empty() && piece.size() <= stretch.size, "a source gives what is asked");
    see(piece);
    stretch = {stretch.offset + piece.size(), stretch.size - piece.size()};
  }
}

Listing list_archive(Source const& source, Rules rules) {
  std::uint64_t const size = tail_size(source.size);
  std::string tail;
  read_pieces(source, {source.size - size, size}, [&](std::string_view piece) { tail += piece; });
  Listing listing{find_end(tail, source.size, rules), {}};
  DirectoryReader reader(listing.end, rules);
  auto const keep = [&](ListedEntry entry) { listing.entries.push_back(std::move(entry)); };
  read_pieces(source, listing.end.central,
              [&](std::string_view piece) { reader.feed(piece, keep); });
  reader.finish();
  return listing;
}

}  // namespace zip
