// The lists of entries that were read last, for the next page of a person who looks through a zip.
// Thread-safe.
#pragma once

#include "archive/read/contents.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace api {

class ContentsCache {
 public:
  using Clock = std::chrono::steady_clock;

  struct Kept {
    std::shared_ptr<archive::Contents const> contents;
    std::string version;             // of the zip's bytes: another one if they are others
    Clock::time_point seen_at = {};  // when the zip was last known to have this version
  };

  // Keeps lists up to so many bytes in all; a longer one is not kept.
  explicit ContentsCache(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

  std::optional<Kept> find(std::string const& id, Clock::time_point now);
  void put(std::string const& id, Kept kept, Clock::time_point now);

 private:
  struct Entry {
    Kept kept;
    Clock::time_point used_at;
  };
  using Entries = std::map<std::string, Entry>;
  void drop(Entries::iterator entry);
  void drop_unused(Clock::time_point now);

  std::uint64_t const most_bytes_;
  std::mutex mutex_;
  Entries entries_;
  std::uint64_t bytes_ = 0;
};

}  // namespace api
