// The place of every byte of an archive, computed from its entries before a byte is moved.
//
//   | local header, data, descriptor | … one such group an entry … | central headers | end records
//   |
//
// The layout knows offsets and sizes; records.h makes the bytes of headers and records, blocks.h
// those of stored deflate blocks, and the objects' own bytes come from S3. Nothing here reads or
// writes: an archive of 100 TB is laid out in the time its list of entries takes.
//
// Not thread-safe while it is built; a finished layout may be read from any thread.
#pragma once

#include "base/extent.h"
#include "base/lists/long_list.h"
#include "zip/format.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace zip {

// The form of an entry in the archive. The values are stored in databases: never renumber them.
enum class Form : std::uint8_t {
  directory = 0,      // no data; the name ends in '/'
  stored = 1,         // method 0; CRC and sizes in the local header
  stored_blocks = 2,  // method 8 in stored blocks (blocks.h), then a data descriptor with the CRC
};

struct Entry {
  std::string_view name;      // as it stands in the archive, 1 to max_name_bytes
  std::uint64_t size;         // of the object, in bytes; 0 for a directory
  std::int64_t modified = 0;  // Unix seconds
  Form form = Form::stored;

  bool operator==(Entry const&) const = default;
};

// Bytes of the entry's data in the archive: APPNOTE's "compressed size".
std::uint64_t compressed_size(Entry const& entry);

enum class PieceKind : std::uint8_t { local_header, data, descriptor, central_header, end_records };

// One stretch of one kind; the pieces of an archive cover it without gap or overlap. None is empty:
// an entry without data has no data piece.
struct Piece {
  PieceKind kind;
  std::size_t entry;  // index of the entry; for end_records the number of entries
  std::uint64_t offset;
  std::uint64_t size;

  std::uint64_t end() const { return offset + size; }
  bool operator==(Piece const&) const = default;
};

class Layout {
 public:
  // A layout's memory for each entry, the name's bytes aside.
  static constexpr std::size_t bytes_per_entry = 41;

  // Appends an entry. The name's bytes are borrowed and must outlive the layout. Throws bad_input
  // for a name that is empty or too long, a directory with data or without its slash, a file with
  // one; too_large if the archive would pass max_archive_bytes.
  void add(Entry const& entry);
  // The value of size() if this were the last entry. Throws like add().
  std::uint64_t size_with(Entry const& entry) const;
  // Ends the list: from now on the calls below are allowed, and add() is not.
  void finish();

  std::uint64_t size() const;  // of the whole archive
  std::size_t entry_count() const { return rows_.size(); }
  Entry entry(std::size_t index) const;

  base::Extent local_header(std::size_t index) const;
  base::Extent data(std::size_t index) const;        // in the archive, blocks included
  base::Extent descriptor(std::size_t index) const;  // size 0 if the entry has none
  base::Extent local(std::size_t index) const;       // the three together
  base::Extent central_header(std::size_t index) const;
  base::Extent central_directory() const;  // all central headers
  base::Extent end_records() const;  // the ZIP64 ones, if needed, and the end of the directory

  // Whether the ZIP64 field in the central header of an entry beyond 4 GiB repeats sizes that would
  // fit: it does if an entry before it has a size of exactly 0xFFFFFFFF bytes (the largest file of
  // FAT32). Info-ZIP's unzip then takes the next ZIP64 fields as if they held sizes.
  bool repeats_sizes(std::size_t index) const { return index > escape_like_; }

  // The entry whose local extent holds `offset`; offset < central_directory().offset.
  std::size_t entry_at(std::uint64_t offset) const;
  // The entry whose central header holds `offset`, which is in central_directory().
  std::size_t central_entry_at(std::uint64_t offset) const;

  // The piece that holds `offset`, in O(log entries); nullopt at or after the end.
  std::optional<Piece> piece_at(std::uint64_t offset) const;
  // The piece after this one, in O(1); nullopt after the end records.
  std::optional<Piece> next(Piece const& piece) const;

 private:
  // Entry and Extent, packed: a string_view's size field would cost 8 bytes.
  struct Row {
    char const* name;
    std::uint64_t size;
    std::int64_t modified;
    std::uint64_t local_offset;
    std::uint16_t name_size;
    Form form;
  };

  // The bytes that an entry at the end adds to the archive.
  struct Growth {
    std::uint64_t local_size;
    std::uint64_t header_size;
  };
  Growth growth_by(Entry const& entry) const;
  Row const& row(std::size_t index) const;
  std::uint64_t central_size_of(std::size_t index) const;
  std::uint64_t local_end(std::size_t index) const;
  Piece local_piece(std::size_t index, std::uint64_t offset) const;
  Piece central_piece(std::size_t index, std::uint64_t offset) const;
  Piece end_piece() const;

  base::LongList<Row> rows_;
  // Offset within the central directory of each 64th header; the others are found from there.
  std::vector<std::uint64_t> central_samples_;
  // The first entry with a size that looks like the escape of ZIP64.
  std::size_t escape_like_ = std::numeric_limits<std::size_t>::max();
  std::uint64_t central_offset_ = 0;
  std::uint64_t central_size_ = 0;
  bool finished_ = false;
};

}  // namespace zip
