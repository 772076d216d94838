// Whole archives for tests, as our writer lays them out, with real contents; archives of any size
// whose objects are zeros; and damage done to them.
#pragma once

#include "zip/layout.h"
#include "zip/read/reader.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zip {

struct SampleEntry {
  std::string name;
  std::string content;
  Form form = Form::stored;
  std::int64_t modified = 1'709'210'096;  // 2024-02-29T12:34:56Z
};

// The layout borrows the names.
Layout layout_of(std::vector<SampleEntry> const& entries);
// Makes the archive without zip/blocks.h.
std::string sample_archive(std::vector<SampleEntry> const& entries);

// The value's bytes, little-endian like all numbers of a zip.
std::string bytes_of(std::uint64_t value, std::size_t bytes);
// Overwrites the bytes at `offset`.
void put(std::string& archive, std::uint64_t offset, std::string_view bytes);

// An archive of objects that are zeros, made as it is read: it may be larger than the memory.
class ZeroArchive {
 public:
  // The names are borrowed.
  explicit ZeroArchive(std::vector<Entry> const& entries);
  Source source();  // lives no longer than this
  Layout const& layout() const { return layout_; }

 private:
  std::string_view read(base::Extent wanted);

  Layout layout_;
  std::vector<std::uint32_t> crcs_;
  std::string record_;  // read last
};

}  // namespace zip
