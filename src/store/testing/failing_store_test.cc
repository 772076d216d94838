#include "store/testing/failing_store.h"

#include "base/error.h"
#include "net/deadline.h"
#include "store/testing/conformance.h"
#include "store/testing/memory_store.h"
#include "store/testing/one_account.h"

namespace store {
namespace {

using namespace std::chrono_literals;

class Failing : public testing::Test {
 protected:
  Failing() { insert_only_account(memory_.store()); }

  // The same call of the failing store each time.
  std::string create() {
    Job job;
    job.id = "job";
    job.account_id = only_account;
    return await(failing_.store().jobs.create({.job = job}));
  }
  bool is_created() { return await(memory_.store().jobs.find("job")).has_value(); }

  MemoryStore memory_;
  FailingStore failing_{memory_.store()};
};

TEST_F(Failing, a_store_that_is_told_nothing_does_what_the_other_does) {
  EXPECT_EQ(create(), "job");
  EXPECT_TRUE(is_created());
  std::optional<Job> const claimed = await(failing_.store().jobs.claim("session", {}, 1));
  ASSERT_TRUE(claimed);
  EXPECT_EQ(failing_.calls(), 2U);
  EXPECT_EQ(failing_.names(), (Ids{"jobs.create", "jobs.claim"}));
}

TEST_F(Failing, a_refused_call_is_not_done) {
  failing_.fail_at(0, FailMode::refuse);
  EXPECT_EQ(fault_of([&] { create(); }), base::Fault::unavailable);
  EXPECT_FALSE(is_created());
  EXPECT_EQ(create(), "job") << "that is call 1";
  EXPECT_EQ(failing_.calls(), 2U);
}

TEST_F(Failing, a_call_whose_answer_is_lost_is_done) {
  failing_.fail_at(1, FailMode::lose_answer);
  await(failing_.store().upkeep.check_usable());
  EXPECT_EQ(fault_of([&] { create(); }), base::Fault::unavailable);
  EXPECT_TRUE(is_created());
}

TEST_F(Failing, a_call_that_hangs_ends_when_it_is_cancelled) {
  failing_.fail_at(0, FailMode::hang);
  failing_.fail_at(1, FailMode::hang);
  auto const in_time = [](auto call) { await(net::with_deadline(std::move(call), 10ms, "call")); };
  EXPECT_EQ(fault_of([&] { in_time(failing_.store().jobs.find("job")); }), base::Fault::timeout);
  EXPECT_EQ(fault_of([&] { in_time(failing_.store().upkeep.check_usable()); }),
            base::Fault::timeout);
}

TEST_F(Failing, a_forgotten_call_is_answered_as_if_it_were_done) {
  for (std::size_t call = 0; call < 4; ++call) failing_.fail_at(call, FailMode::forget);
  EXPECT_EQ(create(), "");
  EXPECT_FALSE(is_created());
  EXPECT_TRUE(await(failing_.store().jobs.cancel("job", 1)));
  EXPECT_EQ(await(failing_.store().jobs.claim("session", {}, 1)), std::nullopt);
  await(failing_.store().upkeep.set_setting("name", "value"));
  EXPECT_EQ(await(memory_.store().upkeep.get_setting("name")), std::nullopt);
}

// A task that is not awaited is no call.
TEST_F(Failing, what_is_not_awaited_is_neither_counted_nor_done) {
  {
    net::task<bool> const dropped = failing_.store().jobs.cancel("job", 1);
  }
  EXPECT_EQ(failing_.calls(), 0U);
}

}  // namespace
}  // namespace store
