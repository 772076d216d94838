// The list of the entries of one or several archives, kept for many looks: names, sizes, and where
// an entry's bytes are. It lies in blocks of base/lists/list_memory.h, some 60 bytes and the name
// for an entry. Not thread-safe while it grows; a finished one may be read from any thread.
#pragma once

#include "archive/plan/planned_archive.h"
#include "base/lists/arena.h"
#include "base/lists/long_list.h"
#include "zip/read/reader.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace archive {

struct ContentEntry {
  std::string_view name;
  std::uint32_t archive = 0;  // the index of the one that it is in
  std::uint64_t index = 0;    // in that archive, counted from 0
  std::uint64_t size = 0;
  std::optional<std::int64_t> modified = {};  // Unix seconds
  std::optional<std::uint32_t> crc = {};      // none where it is not known yet
  // The rest is of archives that exist, not of plans.
  std::uint16_t method = 0;
  bool is_encrypted = false;
  std::uint64_t compressed_size = 0;
  std::uint64_t local_offset = 0;  // of its local header
  std::string_view raw_name = {};  // its bytes in the archive, if they are others

  bool is_folder() const { return name.ends_with('/'); }
  bool operator==(ContentEntry const&) const = default;
};

class Contents {
 public:
  void add(ContentEntry const& entry);
  // Adds an entry as the archive's directory lists it.
  void add(std::uint32_t archive, std::uint64_t index, zip::ListedEntry const& entry);
  // Adds all entries of a plan, with the CRCs that are known by now.
  void add(std::uint32_t archive, PlannedArchive const& planned);

  std::size_t size() const { return rows_.size(); }
  ContentEntry operator[](std::size_t place) const;
  std::uint64_t memory_bytes() const;

  // The place of the first entry of this name.
  std::optional<std::size_t> find(std::string_view name) const;

 private:
  struct Row {
    char const* name;
    std::uint64_t index;
    std::uint64_t size;
    std::uint64_t compressed_size;
    std::uint64_t local_offset;
    std::int64_t modified;
    std::uint32_t crc;
    std::uint32_t archive;
    std::uint16_t name_size;
    std::uint16_t method;
    std::uint16_t has;  // of the bits below
  };
  static constexpr std::uint16_t has_crc = 1;
  static constexpr std::uint16_t has_modified = 2;
  static constexpr std::uint16_t has_raw_name = 4;
  static constexpr std::uint16_t encrypted = 8;
  // A name of few entries, in the order of these.
  struct RawName {
    std::size_t place;
    std::string_view name;
  };

  base::Arena texts_;
  base::LongList<Row> rows_;
  std::vector<RawName> raw_names_;
};

}  // namespace archive
