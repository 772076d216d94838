#include "base/tally.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace base {
namespace {

using std::chrono::milliseconds;

TEST(Tally, a_counter_misses_nothing_that_several_threads_add) {
  Counter counter;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) counter.add(3);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 120'000U);
}

TEST(Tally, a_duration_counts_up_to_the_first_bound_that_holds_it) {
  Durations<2> durations({0.01, 0.1});
  durations.note(milliseconds(0));
  durations.note(milliseconds(10));
  durations.note(milliseconds(11));
  durations.note(milliseconds(1000));
  EXPECT_EQ(durations.count(0), 2U);
  EXPECT_EQ(durations.count(1), 1U);
  EXPECT_EQ(durations.count(2), 1U);
  EXPECT_DOUBLE_EQ(durations.sum_seconds(), 1.021);
}

}  // namespace
}  // namespace base
