#include "s3/patience.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

using namespace std::chrono_literals;

Patience::Clock::time_point const start = Patience::Clock::now();

TEST(Patience, counts_from_the_last_sign_of_life) {
  Patience patience(30s);
  EXPECT_EQ(patience.end_of(patience.note_failure(start)), start + 30s);
}

TEST(Patience, is_one_for_all_calls_until_the_store_works_again) {
  Patience patience(30s);
  patience.note_failure(start);
  EXPECT_EQ(patience.note_failure(start + 20s), start);
  patience.note_sign_of_life();
  EXPECT_EQ(patience.note_failure(start + 40s), start + 40s);
}

TEST(Patience, is_shorter_with_a_store_that_has_never_answered) {
  Patience patience(30s, 10s);
  EXPECT_EQ(patience.end_of(start), start + 10s);
  patience.note_answer();
  EXPECT_EQ(patience.end_of(start), start + 30s);
}

TEST(Patience, can_be_limited_but_not_raised) {
  Patience patience(30s);
  patience.limit(2s);
  EXPECT_EQ(patience.end_of(start), start + 2s);
  patience.limit(50s);
  EXPECT_EQ(patience.end_of(start), start + 2s);
}

}  // namespace
}  // namespace s3
