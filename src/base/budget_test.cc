#include "base/budget.h"

#include <optional>

#include <gtest/gtest.h>

namespace base {
namespace {

using Slot = std::optional<Budget::Grant>;

Budget::Callback into(Slot& slot) {
  return [&slot](Budget::Grant grant) { slot = std::move(grant); };
}

TEST(Budget, grants_in_order_and_takes_back) {
  Budget budget(100);
  Slot first, second, third;
  budget.request(80, into(first));
  budget.request(30, into(second));
  budget.request(10, into(third));  // would fit, but must not overtake
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
  EXPECT_FALSE(third);
  first.reset();
  EXPECT_TRUE(second);
  EXPECT_TRUE(third);
  EXPECT_EQ(budget.used_bytes(), 40U);
  second.reset();
  third.reset();
  EXPECT_EQ(budget.used_bytes(), 0U);
}

TEST(Budget, a_withdrawn_request_lets_the_next_one_pass) {
  Budget budget(100);
  Slot holder, big, small;
  budget.request(50, into(holder));
  Budget::Ticket const ticket = budget.request(60, into(big));
  budget.request(50, into(small));
  EXPECT_FALSE(small);
  EXPECT_TRUE(budget.withdraw(ticket));
  EXPECT_TRUE(small);
  EXPECT_FALSE(big);
  EXPECT_FALSE(budget.withdraw(ticket));
}

TEST(Budget, more_than_everything_waits_for_everything) {
  Budget budget(100);
  Slot holder, huge;
  budget.request(1, into(holder));
  budget.request(1000, into(huge));
  EXPECT_FALSE(huge);
  holder.reset();
  ASSERT_TRUE(huge);
  EXPECT_EQ(huge->bytes(), 100U);
}

TEST(Budget, takes_at_once_what_is_free_unless_somebody_waits) {
  Budget budget(10);
  auto first = budget.try_take(6);
  ASSERT_TRUE(first);
  EXPECT_EQ(budget.used_bytes(), 6U);
  EXPECT_FALSE(budget.try_take(5));
  budget.request(5, [](Budget::Grant const&) {});
  EXPECT_FALSE(budget.try_take(1)) << "another one is first";
  first.reset();
  EXPECT_EQ(budget.used_bytes(), 0U) << "granted, and given back at once";
  EXPECT_TRUE(budget.try_take(100)) << "more than everything is everything";
}

TEST(Budget, members_share_it_evenly) {
  Budget budget(100);
  EXPECT_EQ(budget.fair_share(), 100U);
  Budget::Member const a(budget);
  {
    Budget::Member const b(budget);
    EXPECT_EQ(budget.fair_share(), 50U);
  }
  EXPECT_EQ(budget.fair_share(), 100U);
}

TEST(Budget, lends_two_fifths_of_what_nobody_uses) {
  Budget lender(100);
  Budget budget(50, &lender);
  auto own = budget.try_take(40);
  auto lent = budget.try_take(30);
  EXPECT_EQ(budget.used_bytes(), 40U);
  EXPECT_EQ(lender.used_bytes(), 30U);
  EXPECT_FALSE(budget.try_take(11)) << "its own 10 and the lender's 10 are not 11 in one piece";
  EXPECT_TRUE(budget.try_take(10));
  lent.reset();
  EXPECT_EQ(lender.used_bytes(), 0U);
  EXPECT_EQ(budget.used_bytes(), 40U) << "the second ten went back at once";
}

TEST(Budget, lends_nothing_that_somebody_waits_for) {
  Budget lender(100);
  Budget budget(30, &lender);
  auto own = budget.try_take(20);
  auto lent = budget.try_take(20);
  Slot whole;
  lender.request(100, into(whole));
  EXPECT_FALSE(whole);
  EXPECT_FALSE(budget.try_take(11));
  lent.reset();
  EXPECT_TRUE(whole) << "what comes back is for who waits";
}

TEST(Budget, a_fair_share_counts_what_may_be_borrowed) {
  Budget lender(100);
  Budget budget(50, &lender);
  Slot waiting;  // outlives `used`, whose end fills it
  EXPECT_EQ(budget.fair_share(), 90U);
  auto lent = budget.try_take(40);
  auto more = budget.try_take(30);
  EXPECT_EQ(budget.fair_share(), 90U) << "lent or not";
  auto used = lender.try_take(65);
  EXPECT_EQ(budget.fair_share(), 85U) << "35 are left, 30 of them lent";
  lender.request(10, into(waiting));
  EXPECT_EQ(budget.fair_share(), 50U);
}

}  // namespace
}  // namespace base
