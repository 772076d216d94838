#include "base/budget.h"

#include <optional>

#include <gtest/gtest.h>

namespace base {
namespace {

using Slot = std::optional<Budget::Grant>;
constexpr auto can_wait = Budget::Urgency::can_wait;
constexpr auto urgent = Budget::Urgency::urgent;

Budget::Callback into(Slot& slot) {
  return [&slot](Budget::Grant grant) { slot = std::move(grant); };
}

TEST(Budget, grants_in_order_and_takes_back) {
  Budget budget(100);
  Slot first, second, third;
  budget.request(80, can_wait, into(first));
  budget.request(30, can_wait, into(second));
  budget.request(10, can_wait, into(third));  // would fit, but must not overtake
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
  budget.request(50, can_wait, into(holder));
  Budget::Ticket const ticket = budget.request(60, can_wait, into(big));
  budget.request(40, can_wait, into(small));
  EXPECT_FALSE(small);
  EXPECT_TRUE(budget.withdraw(ticket));
  EXPECT_TRUE(small);
  EXPECT_FALSE(big);
  EXPECT_FALSE(budget.withdraw(ticket));
}

TEST(Budget, more_than_everything_waits_for_everything) {
  Budget budget(100);
  Slot holder, huge;
  budget.request(1, can_wait, into(holder));
  budget.request(1000, can_wait, into(huge));
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
  budget.request(5, can_wait, [](Budget::Grant const&) {});
  EXPECT_FALSE(budget.try_take(1)) << "another one is first";
  first.reset();
  EXPECT_EQ(budget.used_bytes(), 0U) << "granted, and given back at once";
  EXPECT_TRUE(budget.try_take(100)) << "more than everything is everything";
}

TEST(Budget, urgent_requests_go_first_and_have_a_reserve) {
  Budget budget(160);
  Slot holder, large, small, first_bytes, more;
  budget.request(150, can_wait, into(holder));
  EXPECT_FALSE(budget.try_take(1)) << "a sixteenth is kept";
  budget.request(100, can_wait, into(large));
  budget.request(1, can_wait, into(small));
  EXPECT_FALSE(small) << "it must not overtake its like";
  budget.request(8, urgent, into(first_bytes));
  EXPECT_TRUE(first_bytes);
  budget.request(8, urgent, into(more));
  EXPECT_FALSE(budget.try_take(1, urgent)) << "another urgent one is first";
  first_bytes.reset();
  EXPECT_TRUE(more) << "before the large one";
  EXPECT_TRUE(budget.try_take(2, urgent)) << "those that can wait are not before it";
  holder.reset();
  EXPECT_TRUE(large);
  EXPECT_TRUE(small);
}

TEST(Budget, goes_round_between_payers) {
  Budget budget(100);
  Slot holder;
  budget.request(94, can_wait, into(holder));
  std::string order;
  auto const ask = [&](char payer, Budget::Urgency urgency) {
    auto const note = [&order, payer](Budget::Grant const&) { order += payer; };
    return budget.request(90, urgency, note, std::string_view(&payer, 1));
  };
  for (char const payer : {'a', 'a', 'a', 'b', 'a', 'b', 'c'}) ask(payer, can_wait);
  ask('a', urgent);
  ask('d', urgent);
  Budget::Ticket const withdrawn = ask('e', can_wait);
  EXPECT_TRUE(budget.withdraw(withdrawn));
  holder.reset();
  EXPECT_EQ(order, "adabcabaa");
  EXPECT_FALSE(budget.is_waited_for());
  EXPECT_EQ(budget.used_bytes(), 0U);
}

TEST(Budget, the_reserve_does_not_keep_a_large_request_out_for_good) {
  Budget budget(160);
  Slot nearly_all;
  budget.request(158, can_wait, into(nearly_all));
  EXPECT_TRUE(nearly_all);
}

TEST(Budget, tells_when_little_is_left) {
  Budget lender(160);
  Budget budget(160, &lender);
  EXPECT_EQ(budget.free_bytes(), 150U + 64U) << "less the reserve, with what can be borrowed";
  auto own = budget.try_take(150);
  EXPECT_EQ(budget.free_bytes(), 64U);
  EXPECT_FALSE(budget.is_pressed());
  auto lent = budget.try_take(30);
  EXPECT_EQ(budget.free_bytes(), 34U);
  EXPECT_TRUE(budget.is_pressed());
  lent.reset();
  own.reset();
  Slot waiting, held;  // the bytes of `held` are granted to `waiting` when it goes
  lender.request(160, can_wait, into(held));
  EXPECT_EQ(budget.free_bytes(), 150U);
  EXPECT_FALSE(budget.is_pressed());
  lender.request(10, can_wait, into(waiting));
  EXPECT_TRUE(budget.is_pressed()) << "somebody waits for what may have been lent";
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
  lender.request(100, can_wait, into(whole));
  EXPECT_FALSE(whole);
  EXPECT_FALSE(budget.try_take(11));
  lent.reset();
  EXPECT_TRUE(whole) << "what comes back is for who waits";
}

}  // namespace
}  // namespace base
