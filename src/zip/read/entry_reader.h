// Reads one entry's content, stored or deflated, from its bytes in the archive, beginning with the
// local header. Pure.
//
//   EntryReader reader(entry);
//   while (!reader.total() || fed < *reader.total()) reader.feed(next_bytes, take);
//   reader.finish();
//
// All numbers are foreign: memory does not grow with them, and no more content is given out than
// the list of entries tells. Every fault is Error{corrupt}, naming the entry.
#pragma once

#include "zip/read/reader.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zip {

class EntryReader {
 public:
  using Take = std::function<void(std::string_view)>;

  // Error{bad_input} for an entry that is encrypted, or compressed by another method.
  explicit EntryReader(ListedEntry const& entry);
  ~EntryReader();

  // The entry's bytes in the archive, header and data; known once the header has been fed.
  std::optional<std::uint64_t> total() const { return total_; }
  // Takes the next bytes, in pieces of any size; bytes behind the entry's end are ignored.
  void feed(std::string_view bytes, Take const& take);
  // Called after the last bytes: size and CRC-32 must be those of the list.
  void finish();

 private:
  struct Inflater;
  void feed_header(std::string_view bytes, Take const& take);
  void feed_data(std::string_view bytes, Take const& take);
  void inflate(std::string_view bytes, Take const& take);
  void give(std::string_view content, Take const& take);

  ListedEntry entry_;
  std::string header_;  // the part of it that has been fed
  std::optional<std::uint64_t> total_;
  std::uint64_t data_left_ = 0;
  std::uint64_t given_ = 0;
  std::uint32_t crc_ = 0;
  std::unique_ptr<Inflater> inflater_;  // for a deflated entry
};

}  // namespace zip
