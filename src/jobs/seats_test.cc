#include "jobs/seats.h"

#include <vector>

#include <gtest/gtest.h>

namespace jobs {
namespace {

TEST(Seats, the_last_ones_are_for_accounts_that_run_nothing) {
  Seats seats(8);
  std::vector<Seats::Offer> taken;
  for (int i = 0; i < 8; ++i) {
    taken.push_back(seats.offer().value());
    EXPECT_EQ(taken.back().most_running, 4U) << "half of them";
    EXPECT_EQ(seats.has_free(), i < 7);
  }
  for (int i = 0; i < 2; ++i) {
    taken.push_back(seats.offer().value());
    EXPECT_EQ(taken.back().most_running, 1U);
  }
  EXPECT_FALSE(seats.offer());
  taken.pop_back();
  EXPECT_EQ(seats.offer().value().most_running, 1U);
}

TEST(Seats, one_that_is_left_is_free_and_is_taken_again_in_any_case) {
  int left = 0;
  Seats seats(1, [&left] { ++left; });
  Seats::Seat first(seats.offer().value().seat);
  first.leave();
  first.leave();
  EXPECT_EQ(left, 1);
  EXPECT_TRUE(seats.has_free());
  Seats::Offer const second = seats.offer().value();
  EXPECT_FALSE(seats.has_free());
  Seats::Offer const third = seats.offer().value();
  EXPECT_EQ(third.most_running, 1U) << "there is one for a newcomer, always";
  EXPECT_FALSE(seats.offer());
  first.take_again();
  first.take_again();
  {
    Seats::Seat const moved(std::move(first));
    EXPECT_FALSE(seats.offer());
  }
  EXPECT_FALSE(seats.offer()) << "the two others fill it";
}

TEST(Seats, a_seat_that_was_left_is_given_back_once) {
  Seats seats(1);
  {
    Seats::Seat seat(seats.offer().value().seat);
    seat.leave();
  }
  Seats::Offer const first = seats.offer().value();
  EXPECT_FALSE(seats.has_free());
  Seats::Offer const second = seats.offer().value();
  EXPECT_FALSE(seats.offer());
}

TEST(Seats, two_workers_are_for_one_account) {
  Seats two(2);
  EXPECT_EQ(two.offer().value().most_running, 2U);
  Seats three(3);
  EXPECT_EQ(three.offer().value().most_running, 2U);
}

}  // namespace
}  // namespace jobs
