// Reads the list of an archive's entries: the end of the archive, then its central directory, and
// nothing else. So an archive of any size in S3 is listed with two ranged reads. Pure.
//
//   End const end = find_end(tail, archive_size);  // its last tail_size(archive_size) bytes
//   DirectoryReader reader(end);                   // the bytes of end.central, in any pieces
//   reader.feed(bytes, take);
//   reader.finish();
//
// All numbers are foreign: each is checked against the bytes there are, and memory grows only with
// the bytes that are fed. Every fault is Error{corrupt}, naming the entry. archive_check.h reads
// the rest of an archive.
#pragma once

#include "zip/layout.h"
#include "zip/read/archive_end.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zip {

// One entry, by its central header; the fields have APPNOTE 4.3.12's names.
struct ListedEntry {
  std::string name;
  // The name's bytes in the archive if `name` holds their meaning (foreign_names.h); else empty.
  std::string raw_name = {};
  std::uint16_t version_made_by = 0;
  std::uint16_t version_needed = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t dos_time = 0;
  std::uint32_t crc = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t size = 0;
  std::uint32_t external_attributes = 0;
  std::uint64_t local_offset = 0;  // of the local header
  // Unix seconds: by the timestamp field if `has_timestamp`, else by the MS-DOS time taken as UTC;
  // nullopt if that is no valid time.
  std::optional<std::int64_t> modified;
  bool has_timestamp = false;

  std::string const& name_in_archive() const { return raw_name.empty() ? name : raw_name; }
  bool is_directory() const { return name.ends_with('/'); }
  bool is_encrypted() const { return (flags & 1) != 0; }
  // Permissions and kind of file, if a Unix made the archive.
  std::optional<std::uint32_t> unix_mode() const;
  bool operator==(ListedEntry const&) const = default;
};

class DirectoryReader {
 public:
  using Take = std::function<void(ListedEntry)>;

  explicit DirectoryReader(End const& end, Rules rules = Rules::any) : end_(end), rules_(rules) {}
  // Takes the next bytes of the central directory, in pieces of any size, and no more than it has.
  // Holds back at most one header.
  void feed(std::string_view bytes, Take const& take);
  // Called after the last bytes: all headers must be whole, and as many as the end says.
  void finish();

 private:
  End end_;
  Rules rules_;
  std::string pending_;  // the beginning of a header
  std::uint64_t fed_ = 0;
  std::uint64_t listed_ = 0;
  bool after_escape_like_ = false;  // see Layout::repeats_sizes()
};

// An archive's bytes, wherever they are.
struct Source {
  std::uint64_t size = 0;
  // Gives bytes from the front of `wanted`, which is not empty and within the size: at least one
  // byte, at most all. They stay until the next call.
  std::function<std::string_view(base::Extent wanted)> read;
};
Source source_of(std::string_view archive);  // borrowed
// Hands the bytes of a stretch to `see`, in order, in pieces.
void read_pieces(Source const& source, base::Extent stretch,
                 std::function<void(std::string_view)> const& see);

// The steps above in one, if the whole list may be in memory.
struct Listing {
  End end;
  std::vector<ListedEntry> entries;
};
Listing list_archive(Source const& source, Rules rules = Rules::any);

}  // namespace zip
