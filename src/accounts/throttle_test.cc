#include "accounts/throttle.h"

#include "base/limits.h"

#include <string>

#include <gtest/gtest.h>

namespace accounts {
namespace {

namespace limits = base::limits;
using std::chrono::seconds;

class ThrottleTest : public testing::Test {
 protected:
  void fail(std::string const& user_key, std::string const& address, int times) {
    for (int i = 0; i < times; ++i) throttle_.failed(user_key, address, now_);
  }
  seconds wait(std::string const& user_key, std::string const& address) const {
    return throttle_.wait(user_key, address, now_);
  }

  Throttle throttle_;
  Throttle::TimePoint now_{std::chrono::hours(1000)};
};

TEST_F(ThrottleTest, some_failures_are_free_and_then_one_at_a_time) {
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(0));
  fail("key", "1.2.3.4", limits::free_failures_of_both - 1);
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(0));
  fail("key", "1.2.3.4", 1);
  EXPECT_EQ(wait("key", "1.2.3.4"), limits::failure_weight);
  now_ += limits::failure_weight - seconds(1);
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(1));
  now_ += seconds(1);
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(0));
  fail("key", "1.2.3.4", 1);
  EXPECT_EQ(wait("key", "1.2.3.4"), limits::failure_weight);
  now_ += limits::failure_weight * limits::free_failures_of_both;
  fail("key", "1.2.3.4", limits::free_failures_of_both - 1);
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(0)) << "all is forgiven in the end";
}

TEST_F(ThrottleTest, where_addresses_are_not_known_only_the_account_that_is_tried_is_slowed) {
  auto const wait_of = [&](char const* key) { return throttle_.wait(key, std::nullopt, now_); };
  for (int i = 0; i < 10 * limits::free_failures_of_address; ++i)
    throttle_.failed("key" + std::to_string(i), std::nullopt, now_);
  EXPECT_EQ(wait_of("other"), seconds(0));
  for (int i = 0; i < limits::free_failures_of_both; ++i) {
    EXPECT_EQ(wait_of("key"), seconds(0)) << i;
    throttle_.failed("key", std::nullopt, now_);
  }
  EXPECT_EQ(wait_of("key"), limits::failure_weight);
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(0)) << "an address that is known gets its try";
  throttle_.succeeded("key", std::nullopt);
  EXPECT_EQ(wait_of("key"), seconds(0));
}

TEST_F(ThrottleTest, another_account_or_address_is_not_slowed_by_these) {
  fail("key", "1.2.3.4", limits::free_failures_of_both);
  EXPECT_EQ(wait("other", "1.2.3.4"), seconds(0));
  EXPECT_EQ(wait("key", "1.2.3.5"), seconds(0));
}

TEST_F(ThrottleTest, an_address_that_tries_many_accounts_is_slowed_for_all) {
  for (int i = 0; i < limits::free_failures_of_address; ++i)
    fail("key" + std::to_string(i), "1.2.3.4", 1);
  EXPECT_EQ(wait("new", "1.2.3.4"), limits::failure_weight);
  EXPECT_EQ(wait("key0", "1.2.3.5"), seconds(0));
}

TEST_F(ThrottleTest, an_attack_from_everywhere_locks_nobody_out) {
  for (int i = 0; i < limits::free_failures_of_account; ++i)
    fail("key", "10.0.0." + std::to_string(i), 1);
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(0)) << "who has not failed may try";
  fail("key", "1.2.3.4", 1);
  EXPECT_EQ(wait("key", "1.2.3.4"), limits::failure_weight) << "once, while the attack goes on";
  now_ += limits::failure_weight;
  EXPECT_EQ(wait("key", "1.2.3.4"), seconds(0));
  EXPECT_EQ(wait("other", "10.0.0.1"), seconds(0));
}

TEST_F(ThrottleTest, a_success_forgives_the_address_its_failures_with_that_account_only) {
  fail("mine", "1.2.3.4", limits::free_failures_of_both);
  throttle_.succeeded("mine", "1.2.3.4");
  EXPECT_EQ(wait("mine", "1.2.3.4"), seconds(0));
  fail("hers", "1.2.3.4", limits::free_failures_of_both);
  throttle_.succeeded("mine", "1.2.3.4");
  EXPECT_GT(wait("hers", "1.2.3.4"), seconds(0));
  fail("his", "1.2.3.4", limits::free_failures_of_address);
  throttle_.succeeded("mine", "1.2.3.4");
  EXPECT_GT(wait("mine", "1.2.3.4"), seconds(0)) << "the address as such is slowed";
}

TEST_F(ThrottleTest, memory_is_bounded_and_the_worst_are_remembered) {
  fail("key", "6.6.6.6", limits::free_failures_of_address);
  for (std::size_t i = 0; i < limits::throttle_entries; ++i) {
    throttle_.failed("k" + std::to_string(i), "a" + std::to_string(i), now_);
    ASSERT_LE(throttle_.entry_count(), limits::throttle_entries);
  }
  EXPECT_GT(wait("key", "6.6.6.6"), seconds(0));
  std::string const megabyte(1 << 20, 'x');
  throttle_.failed(megabyte, megabyte, now_);
  EXPECT_LE(throttle_.entry_count(), limits::throttle_entries);
  now_ += std::chrono::hours(1);
  for (std::size_t i = 0; i < limits::throttle_entries; ++i)
    throttle_.failed("n" + std::to_string(i), "6.6.6.7", now_);
  EXPECT_EQ(wait("key", "6.6.6.6"), seconds(0));
}

}  // namespace
}  // namespace accounts
