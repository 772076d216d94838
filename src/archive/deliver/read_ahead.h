// How far to read ahead of a consumer, and when a GET is slower than it should be: decided by how
// long the recent GETs took and how fast their bytes were taken.
//
// The bytes in flight must last until the next answer: (bytes a second) x (seconds a GET). An
// object store that answers in 30 ms is read by 64 GETs at a time; one next door by a few, so that
// the bytes are still in the processor's cache when they are passed on. The bytes a second are
// those that the consumer takes while there is something to take: a slow object store does not make
// it slow. Hardly any memory is held for a slow consumer, and not much for one whose rate is
// unknown.
// Pure: the time is given. Not thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archive {

class ReadAhead {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = Clock::duration;

  // A GET of so many bytes has succeeded, and took so long.
  void note_read(std::uint64_t bytes, Duration duration);
  // So many bytes were handed to the consumer, which had waited so long for them.
  void note_taken(std::uint64_t bytes, Duration waited, Clock::time_point now);

  // GETs that may be in flight, and how many bytes of a large object each asks for: a power of two.
  std::size_t gets() const;
  std::uint64_t segment_bytes() const;
  // Bytes that may lie ahead of the consumer, those in flight included.
  std::uint64_t bytes() const;
  // Bytes that the consumer may hold before it passes them on.
  std::uint64_t batch_bytes() const;
  // The time after which a GET of so many bytes is slow: one in a hundred takes longer. nullopt
  // until enough GETs have been seen. If few were of that size, other sizes tell.
  std::optional<Duration> slow_after(std::uint64_t bytes) const;

 private:
  // GETs of one class of sizes: within a factor of four.
  struct SizeClass {
    std::vector<Duration> durations;  // the last of them, the oldest at `next`
    std::size_t next = 0;
  };
  static std::size_t class_of(std::uint64_t bytes);
  double bytes_per_second() const;  // that the consumer may take soon
  // The bytes that the consumer takes in this time, `most` at most.
  std::uint64_t taken_in(Duration time, std::uint64_t most) const;
  double read_size() const;  // of the next GETs

  std::array<SizeClass, 12> classes_;
  double mean_size_ = 0;
  // The shortest of the GETs noted in this and in the last round.
  Duration shortest_ = Duration::max();
  Duration shortest_before_ = Duration::max();
  std::size_t round_ = 0;
  // Bytes taken in the window of time at hand, how long the consumer waited for them, and the rate
  // of the window before.
  Clock::time_point window_begin_ = {};
  std::uint64_t window_bytes_ = 0;
  Duration window_waited_ = {};
  std::optional<double> rate_;
};

}  // namespace archive
