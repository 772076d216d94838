// The progress of a zip.
#pragma once

#include <atomic>
#include <cstdint>

namespace archive {

struct Progress {
  std::uint64_t entries_done = 0;
  std::uint64_t entries_total = 0;  // grows while a listing goes on
  std::uint64_t bytes_done = 0;     // of the sources
  std::uint64_t bytes_total = 0;
  bool operator==(Progress const&) const = default;
};

// The same of a zip that is being made: its executor counts, others look. Thread-safe.
struct LiveProgress {
  std::atomic<std::uint64_t> entries_done = 0;
  std::atomic<std::uint64_t> entries_total = 0;
  std::atomic<std::uint64_t> bytes_done = 0;
  std::atomic<std::uint64_t> bytes_total = 0;

  Progress now() const { return {entries_done, entries_total, bytes_done, bytes_total}; }
};

}  // namespace archive
