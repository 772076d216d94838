// The plan of an archive: its entries, frozen, and through the layout every byte's place. Made once
// from a selection, stored in chunks before the first byte moves, and read back by the process that
// goes on with the work: the same chunks give the same bytes.
#pragma once

#include "base/digest.h"
#include "base/lists/arena.h"
#include "base/lists/long_list.h"
#include "zip/layout.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

// Why an entry is not called what its key and the request's name style say; several may be true.
// Stored: never renumber.
namespace name_change {
inline constexpr std::uint8_t requested = 1;  // the request or its manifest names it
inline constexpr std::uint8_t mapped = 2;     // by the file mapper
inline constexpr std::uint8_t cleaned = 4;    // by the rules of zip/names.h
inline constexpr std::uint8_t numbered = 8;   // another entry has that name
inline constexpr std::uint8_t folder = 16;    // an empty object stands for a folder of its name
inline constexpr std::uint8_t all = 31;
}  // namespace name_change

// One object of the archive, and the entry it becomes.
struct PlannedEntry {
  std::string_view bucket;
  std::string_view key;
  std::string_view etag;  // with quotes; empty if the object store lists none
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // Unix seconds
  std::string_view name;
  zip::Form form = zip::Form::stored;
  std::optional<std::uint32_t> crc;  // if S3 told it
  std::string_view version_id = {};  // empty: the latest
  std::uint8_t name_changes = 0;     // of name_change
  // Bytes that the plan itself holds, `size` of them, instead of an object's. Empty: the entry is
  // an object.
  std::string_view content = {};
};

class Plan {
 public:
  Plan() = default;
  // Takes over an arena that holds keys and ETags of entries to come.
  explicit Plan(base::Arena texts) : adopted_(std::move(texts)) {}

  // Whether the plan copies an entry's key and ETag, or holds them already. It copies a name that
  // is not the end of the key, and always version and content.
  enum class Texts : std::uint8_t { copied, adopted };
  // Appends an entry. An entry in stored blocks has at least one byte. Throws what Layout::add()
  // throws, and too_large over limits::max_entries.
  void add(PlannedEntry const& entry, Texts texts = Texts::copied);
  // The archive's size if this were the last entry.
  std::uint64_t archive_bytes_with(PlannedEntry const& entry) const;
  // Ends the list; from now on the plan is read only.
  void finish();

  std::size_t entry_count() const { return layout_.entry_count(); }
  PlannedEntry entry(std::size_t index) const;
  zip::Layout const& layout() const { return layout_; }
  std::uint64_t source_bytes() const { return source_bytes_; }
  // The memory that it takes, about.
  std::uint64_t memory_bytes() const;

 private:
  struct Row {
    std::string_view key;
    std::string_view etag;
    std::uint32_t crc;
    std::uint16_t bucket;
    std::uint8_t has;  // of the bits below
    std::uint8_t name_changes;
  };
  static constexpr std::uint8_t has_crc = 1;
  static constexpr std::uint8_t has_version = 2;
  static constexpr std::uint8_t has_content = 4;
  // A text that few entries have, in the order of the entries.
  struct RareText {
    std::size_t entry;
    std::string_view text;
  };
  using RareTexts = std::deque<RareText>;
  static std::string_view find_text(RareTexts const& texts, std::size_t entry);
  std::uint16_t bucket_index(std::string_view bucket);

  base::Arena adopted_;
  base::Arena texts_;
  std::vector<std::string> buckets_;
  base::LongList<Row> rows_;
  RareTexts versions_;
  RareTexts contents_;
  zip::Layout layout_;
  std::uint64_t source_bytes_ = 0;
};

// Entries [first, first + count) as a record for the store, and back; Error{corrupt} if the record
// is not what encode_chunk() made.
std::string encode_chunk(Plan const& plan, std::size_t first, std::size_t count);
void add_chunk(Plan& plan, std::string_view chunk);

// The archive's ETag in HTTP: two archives with one ETag are equal byte for byte. It is a quoted
// hash over all that decides the bytes: the layout's version, and all chunks of
// limits::selection_chunk_entries, in order.
class PlanEtag {
 public:
  PlanEtag();
  void add_chunk(std::string_view chunk) { hasher_.update(chunk); }
  std::string finish();

 private:
  base::Hasher hasher_{base::Hasher::Kind::sha256};
};
std::string plan_etag(Plan const& plan);

// The id of an object's bytes, across jobs: 16 bytes over endpoint, bucket, key, ETag and size.
// Empty for an object without ETag: nothing says that it is still the same. Ids of one folder begin
// alike, and so lie in few pages of a store that is ordered by id.
std::string object_id(std::string_view endpoint_url, PlannedEntry const& entry);

}  // namespace archive
