#include "archive/deliver/read_ahead.h"

#include "base/limits.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace archive {

namespace limits = base::limits;

namespace {

// No consumer takes more: a core moves about a quarter of it through two sockets.
constexpr double most_bytes_per_second = 4e9;
// A consumer may soon be faster than it just was.
constexpr double may_speed_up = 2;
constexpr auto rate_window = std::chrono::milliseconds(250);
// A segment, and a batch, are the bytes that a consumer takes in piece_time: a client that stands
// still holds that many. At least those that it takes in ahead_time lie ahead of it.
constexpr auto piece_time = std::chrono::microseconds(15'625);
constexpr auto ahead_time = std::chrono::milliseconds(500);
// The GETs of a round, of which the shortest duration is kept.
constexpr std::size_t gets_a_round = 64;
// The durations that a class keeps, and how many of them tell the slowest hundredth.
constexpr std::size_t durations_kept = 256;
constexpr std::size_t durations_needed = 64;
// Smaller reads take no less time than reads of this size: the round trip is most of it.
constexpr std::uint64_t round_trip_bytes = 64 * limits::KiB;
// A shorter duration is never slow: a busy machine delays GETs by itself.
constexpr auto never_slow = std::chrono::milliseconds(20);

// The longest but for one in a hundred; at least never_slow and twice the median.
ReadAhead::Duration slowest_of(std::vector<ReadAhead::Duration> sorted) {
  auto const median = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, median);
  ReadAhead::Duration const usual = *median;
  auto const late = sorted.end() - 1 - static_cast<std::ptrdiff_t>(sorted.size() / 100);
  std::ranges::nth_element(sorted, late);
  return std::max<ReadAhead::Duration>({*late, 2 * usual, never_slow});
}

double seconds(ReadAhead::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

std::size_t ReadAhead::class_of(std::uint64_t bytes) {
  auto const width = static_cast<std::size_t>(std::bit_width(std::max(bytes, round_trip_bytes)));
  return std::min<std::size_t>(width / 2, std::tuple_size_v<decltype(classes_)> - 1);
}

void ReadAhead::note_read(std::uint64_t bytes, Duration duration) {
  auto const size = static_cast<double>(bytes);
  mean_size_ = mean_size_ == 0 ? size : mean_size_ + (size - mean_size_) / gets_a_round;
  shortest_ = std::min(shortest_, duration);
  if (++round_ == gets_a_round) {
    shortest_before_ = std::exchange(shortest_, Duration::max());
    round_ = 0;
  }
  SizeClass& like_it = classes_[class_of(bytes)];
  if (like_it.durations.size() < durations_kept) {
    like_it.durations.push_back(duration);
  } else {
    like_it.durations[like_it.next++ % durations_kept] = duration;
  }
}

void ReadAhead::note_taken(std::uint64_t bytes, Duration waited, Clock::time_point now) {
  if (window_begin_ == Clock::time_point()) window_begin_ = now - waited;
  window_bytes_ += bytes;
  window_waited_ += waited;
  if (now - window_begin_ < rate_window) return;
  double const took = seconds(now - window_begin_ - window_waited_);
  auto const taken = static_cast<double>(window_bytes_);
  rate_ = taken / std::max(took, taken / most_bytes_per_second);
  window_begin_ = now;
  window_bytes_ = 0;
  window_waited_ = {};
}

double ReadAhead::bytes_per_second() const {
  return rate_ ? std::min(most_bytes_per_second, may_speed_up * *rate_) : most_bytes_per_second;
}

std::uint64_t ReadAhead::taken_in(Duration time, std::uint64_t most) const {
  if (!rate_) return most;
  return std::min(most, static_cast<std::uint64_t>(*rate_ * seconds(time)));
}

std::uint64_t ReadAhead::segment_bytes() const {
  if (!rate_) return limits::first_segment_bytes;
  std::uint64_t const taken = taken_in(piece_time, limits::segment_bytes);
  return std::max(limits::least_segment_bytes, std::bit_floor(taken));
}

double ReadAhead::read_size() const {
  return std::min(mean_size_, static_cast<double>(segment_bytes()));
}

std::size_t ReadAhead::gets() const {
  Duration const shortest = std::min(shortest_, shortest_before_);
  if (shortest == Duration::max()) return limits::max_gets_ahead;
  double const needed = std::ceil(bytes_per_second() * seconds(shortest) / read_size());
  auto const near = static_cast<double>(taken_in(ahead_time, limits::least_bytes_in_flight));
  double const fit = std::max(1.0, std::floor(near / read_size()));
  double const least = std::min(fit, static_cast<double>(limits::least_gets_ahead_small));
  return static_cast<std::size_t>(
      std::clamp(needed, least, static_cast<double>(limits::max_gets_ahead)));
}

// Twice the bytes in flight, so that one late answer does not stop the others.
std::uint64_t ReadAhead::bytes() const {
  auto const in_flight = static_cast<double>(gets()) * read_size();
  if (in_flight == 0) return limits::default_budget_bytes;
  std::uint64_t const least =
      std::max(2 * limits::least_segment_bytes, taken_in(ahead_time, limits::least_bytes_ahead));
  return std::max(least, static_cast<std::uint64_t>(2 * in_flight));
}

std::uint64_t ReadAhead::batch_bytes() const {
  if (!rate_) return limits::first_segment_bytes;
  return std::max(limits::least_segment_bytes, taken_in(piece_time, limits::flush_bytes));
}

// The durations are those of GETs of that size, then of larger ones, which take no less, then of
// smaller ones, as if time grew with the size: each class whole, until there are enough.
std::optional<ReadAhead::Duration> ReadAhead::slow_after(std::uint64_t bytes) const {
  std::vector<Duration> like_it;
  std::size_t const own = class_of(bytes);
  for (std::size_t i = own; i < classes_.size() && like_it.size() < durations_needed; ++i)
    like_it.insert(like_it.end(), classes_[i].durations.begin(), classes_[i].durations.end());
  for (std::size_t i = own; i-- > 0 && like_it.size() < durations_needed;) {
    for (Duration const duration : classes_[i].durations)
      like_it.push_back(duration * (1 << (2 * (own - i))));
  }
  if (like_it.size() < durations_needed) return std::nullopt;
  return slowest_of(std::move(like_it));
}

}  // namespace archive
