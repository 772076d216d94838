// How far a job or a stream is: counted by its executor, looked at by others. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace archive {

struct Progress {
  std::atomic<std::uint64_t> entries_total = 0;  // grows while a listing goes on
  std::atomic<std::uint64_t> bytes_total = 0;    // of the sources
  std::atomic<std::uint64_t> entries_done = 0;
  std::atomic<std::uint64_t> bytes_done = 0;
};

}  // namespace archive
