// Numbers for monitoring the server: counts, and durations. Any thread may add and read at any
// time; adding costs a few nanoseconds and never waits.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>

namespace base {

// Each counter has a cache line to itself: loops with different counters do not slow each other.
class alignas(64) Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// Durations, counted by their length.
template <std::size_t bound_count>
class Durations {
 public:
  // `bounds` are upper bounds in seconds, in rising order; longer durations are counted, too.
  explicit constexpr Durations(std::array<double, bound_count> const& bounds) : bounds_(bounds) {}

  void note(std::chrono::steady_clock::duration duration) {
    double const seconds = std::chrono::duration<double>(duration).count();
    auto const place = std::ranges::lower_bound(bounds_, seconds) - bounds_.begin();
    counts_[static_cast<std::size_t>(place)].fetch_add(1, std::memory_order_relaxed);
    auto const micros = std::chrono::duration_cast<std::chrono::microseconds>(duration);
    sum_us_.fetch_add(static_cast<std::uint64_t>(micros.count()), std::memory_order_relaxed);
  }

  std::span<double const> bounds() const { return bounds_; }
  // The number of durations up to bounds()[i] but over the bound before; the last: over all bounds.
  std::uint64_t count(std::size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  double sum_seconds() const {
    return static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1e6;
  }

 private:
  std::array<double, bound_count> const bounds_;
  std::array<std::atomic<std::uint64_t>, bound_count + 1> counts_{};
  std::atomic<std::uint64_t> sum_us_ = 0;
};

}  // namespace base
