// How far the fetcher reads ahead, for object stores and consumers of all speeds.
#include "archive/deliver/read_ahead.h"

#include "base/limits.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

namespace limits = base::limits;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint64_t MiB = limits::MiB;

ReadAhead after_reads(std::uint64_t bytes, ReadAhead::Duration duration) {
  ReadAhead ahead;
  for (int i = 0; i < 100; ++i) ahead.note_read(bytes, duration);
  return ahead;
}

// The consumer takes blocks evenly for another second; of each ten milliseconds it waits so many.
void take(ReadAhead& ahead, std::uint64_t bytes_per_second, ReadAhead::Clock::time_point& now,
          milliseconds waited = milliseconds(0)) {
  for (int i = 0; i < 100; ++i)
    ahead.note_taken(bytes_per_second / 100, waited, now += milliseconds(10));
}

TEST(ReadAhead, takes_a_store_for_far_until_it_has_answered) {
  EXPECT_EQ(ReadAhead().gets(), limits::max_gets_ahead);
  EXPECT_EQ(ReadAhead().bytes(), limits::default_budget_bytes);
}

TEST(ReadAhead, keeps_many_gets_in_flight_where_answers_take_long) {
  EXPECT_EQ(after_reads(MiB, milliseconds(37)).gets(), limits::max_gets_ahead);
  EXPECT_EQ(after_reads(4096, milliseconds(25)).gets(), limits::max_gets_ahead);
}

TEST(ReadAhead, keeps_few_in_flight_where_the_store_is_near) {
  EXPECT_EQ(after_reads(MiB, microseconds(50)).gets(),
            limits::least_bytes_in_flight / limits::first_segment_bytes);
  EXPECT_EQ(after_reads(4096, microseconds(10)).gets(), limits::least_gets_ahead_small);
  EXPECT_EQ(after_reads(MiB, microseconds(500)).bytes(), limits::least_bytes_ahead);
}

TEST(ReadAhead, holds_little_for_a_slow_client_and_more_for_a_fast_one) {
  ReadAhead ahead = after_reads(MiB, milliseconds(37));
  ReadAhead::Clock::time_point now(std::chrono::hours(1));
  take(ahead, 100'000, now);
  EXPECT_EQ(ahead.gets(), 1U);
  EXPECT_EQ(ahead.segment_bytes(), limits::least_segment_bytes);
  EXPECT_EQ(ahead.bytes(), 2 * limits::least_segment_bytes);
  EXPECT_EQ(ahead.batch_bytes(), limits::least_segment_bytes);
  take(ahead, 200'000'000, now);  // 2 x 200 MB/s x 37 ms = 14.8 MB
  EXPECT_EQ(ahead.gets(), 15U);
  EXPECT_EQ(ahead.segment_bytes(), limits::segment_bytes);
  EXPECT_EQ(ahead.bytes(), 30 * MiB);
  EXPECT_EQ(ahead.batch_bytes(), 3'125'000U);
  take(ahead, 4'000'000'000, now);
  EXPECT_EQ(ahead.gets(), limits::max_gets_ahead);
  EXPECT_EQ(ahead.batch_bytes(), limits::flush_bytes);
}

TEST(ReadAhead, does_not_take_a_client_for_slow_that_waits_for_the_store) {
  ReadAhead ahead = after_reads(MiB, milliseconds(37));
  ReadAhead::Clock::time_point now(std::chrono::hours(1));
  take(ahead, 20'000'000, now, milliseconds(9));  // it takes them in a tenth of the time
  EXPECT_EQ(ahead.gets(), 15U);
}

TEST(ReadAhead, reads_in_small_pieces_until_the_client_is_known) {
  ReadAhead const ahead = after_reads(MiB, milliseconds(37));
  EXPECT_EQ(ahead.segment_bytes(), limits::first_segment_bytes);
  EXPECT_EQ(ahead.batch_bytes(), limits::first_segment_bytes);
  EXPECT_EQ(ahead.bytes(), 2 * limits::max_gets_ahead * limits::first_segment_bytes);
}

TEST(ReadAhead, forgets_how_near_a_store_was) {
  ReadAhead ahead = after_reads(MiB, microseconds(500));
  for (int i = 0; i < 200; ++i) ahead.note_read(MiB, milliseconds(50));
  EXPECT_EQ(ahead.gets(), limits::max_gets_ahead);
}

TEST(ReadAhead, knows_a_slow_get_by_others_of_several_sizes_where_few_were_of_any_one) {
  ReadAhead ahead;
  for (int i = 0; i < 63; ++i) {
    std::uint64_t const size = i % 3 == 0 ? MiB : (i % 3 == 1 ? MiB / 4 : MiB / 16);
    ahead.note_read(size, milliseconds(30));
  }
  EXPECT_EQ(ahead.slow_after(MiB / 4), std::nullopt);
  ahead.note_read(MiB, milliseconds(30));
  EXPECT_EQ(ahead.slow_after(MiB / 16), milliseconds(60)) << "larger ones take no less";
  EXPECT_EQ(ahead.slow_after(MiB), milliseconds(16 * 30)) << "smaller ones in proportion";
}

TEST(ReadAhead, knows_a_slow_get_once_it_has_seen_enough) {
  ReadAhead ahead;
  for (int i = 0; i < 63; ++i) ahead.note_read(MiB, milliseconds(30 + i % 10));
  EXPECT_EQ(ahead.slow_after(MiB), std::nullopt);
  ahead.note_read(MiB, milliseconds(30));
  EXPECT_EQ(ahead.slow_after(MiB), milliseconds(68)) << "twice the usual, at least";
  EXPECT_EQ(ahead.slow_after(4096), milliseconds(68)) << "a smaller one takes no longer";
  EXPECT_EQ(ahead.slow_after(4 * MiB), milliseconds(4 * 68)) << "a larger one in proportion";
  for (int i = 0; i < 10; ++i) ahead.note_read(MiB, milliseconds(500));
  EXPECT_EQ(ahead.slow_after(MiB), milliseconds(500)) << "one in ten is no exception";
  for (int i = 0; i < 256; ++i) ahead.note_read(MiB, microseconds(100));
  EXPECT_EQ(ahead.slow_after(MiB), milliseconds(20)) << "a busy machine is slow by itself";
  ReadAhead tiny;
  for (int i = 0; i < 64; ++i) tiny.note_read(5, milliseconds(1));
  EXPECT_LE(tiny.slow_after(MiB), milliseconds(500)) << "tiny ones are all way there and back";
}

}  // namespace
}  // namespace archive
