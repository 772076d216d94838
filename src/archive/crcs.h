// What is known of the CRC-32s of an archive's objects: given by S3, remembered from earlier reads,
// or learned as the bytes pass. Of large objects also the running values at some offsets, so that
// a resumed download need not read them from the start.
//
// All downloads of one link share it, on all loops: thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
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
  // What an entry takes in memory, the running values of large ones aside.
  static constexpr std::size_t bytes_per_entry = 8;

  explicit Crcs(std::size_t entry_count);

  std::optional<std::uint32_t> whole(std::size_t entry) const;
  // The longest known prefix of at most `bytes` bytes; of none at all where nothing is known.
  PrefixCrc longest_prefix(std::size_t entry, std::uint64_t bytes) const;

  // For what comes from S3 or from the store.
  void set_whole(std::size_t entry, std::uint32_t crc);
  void set_prefix(std::size_t entry, PrefixCrc prefix);
  // For what was computed: it is news until take_news() has given it out, to be stored.
  void learn_whole(std::size_t entry, std::uint64_t size, std::uint32_t crc);
  void learn_prefix(std::size_t entry, PrefixCrc prefix);
  std::vector<EntryCrc> take_news();

 private:
  // Bit 32 says that the value is known.
  static constexpr std::uint64_t known = 1ULL << 32;
  std::unique_ptr<std::atomic<std::uint64_t>[]> whole_;
  mutable std::mutex mutex_;
  std::map<std::size_t, std::map<std::uint64_t, std::uint32_t>> prefixes_;
  std::vector<EntryCrc> news_;
};

}  // namespace archive
