// The known CRC-32s of an archive's objects: given by S3, remembered from earlier reads, or learned
// as the bytes pass. Large objects also have running values at some offsets, so that a resumed
// download need not read them from the start.
//
// A CRC that S3 has told counts until the bytes have passed. An object whose bytes had another one
// is in doubt: from then on it is read whole wherever its CRC is wanted, so that a download which
// broke off at it cannot be resumed behind it.
//
// All downloads of one link share it, on all loops: thread-safe.
#pragma once

#include "base/lists/long_list.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace archive {

// The CRC-32 of an object's first `bytes` bytes.
struct PrefixCrc {
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
  bool operator==(PrefixCrc const&) const = default;
};

struct EntryCrc {
  std::size_t entry = 0;
  PrefixCrc prefix;
};

class Crcs {
 public:
  // The memory that an entry takes, without the running values of large objects.
  static constexpr std::size_t bytes_per_entry = 8;

  explicit Crcs(std::size_t entry_count);

  std::optional<std::uint32_t> whole(std::size_t entry) const;
  // Whether whole() is there, and may be written without reading the object.
  bool is_settled(std::size_t entry) const;
  // Whether the object's bytes have been seen to have the CRC of whole().
  bool is_checked(std::size_t entry) const;
  // The longest known prefix of at most `bytes` bytes; an empty one if none is known.
  PrefixCrc longest_prefix(std::size_t entry, std::uint64_t bytes) const;

  // Sets a CRC that S3 has told.
  void set_whole(std::size_t entry, std::uint32_t crc);
  // Sets values from the store, which holds computed ones only; the prefixes come first.
  void recall_whole(std::size_t entry, std::uint32_t crc);
  void set_prefix(std::size_t entry, PrefixCrc prefix);
  // Sets a computed value, which is news until take_news() has given it out, to be stored. False if
  // another CRC is on record for the object, which is in doubt from then on.
  bool learn_whole(std::size_t entry, std::uint64_t size, std::uint32_t crc);
  void learn_prefix(std::size_t entry, PrefixCrc prefix);

  std::vector<EntryCrc> take_news();
  // Whether there is so much news that it should be taken: by its number, or by the bytes that
  // would have to be read again if it were lost.
  bool has_much_news() const;

 private:
  // Bits of an entry's value; bits 0 to 31 are the CRC, if it is known.
  static constexpr std::uint64_t known = 1ULL << 32;
  static constexpr std::uint64_t checked = 1ULL << 33;
  static constexpr std::uint64_t in_doubt = 1ULL << 34;

  std::uint64_t value(std::size_t entry) const;
  void set_value(std::size_t entry, std::uint64_t value);
  bool settle(std::size_t entry, std::uint32_t crc);
  void add_news(EntryCrc news, std::uint64_t bytes);

  // Read and written as atomics; mutable, as C++20 has no atomic_ref to a const object.
  mutable base::LongList<std::uint64_t> whole_;
  std::atomic<std::uint64_t> news_bytes_ = 0;  // to read again
  std::atomic<std::size_t> news_count_ = 0;
  mutable std::mutex mutex_;  // of all below
  std::map<std::size_t, std::map<std::uint64_t, std::uint32_t>> prefixes_;
  std::vector<EntryCrc> news_;
};

}  // namespace archive
