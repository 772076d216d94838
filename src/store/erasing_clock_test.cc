#include "store/erasing_clock.h"

#include "net/runtime.h"
#include "store/testing/sqlite_test_home.h"

#include <gtest/gtest.h>

namespace store {
namespace {

constexpr base::UnixSeconds start = 1'700'000'000;
constexpr base::UnixSeconds hour = 3600;
constexpr base::UnixSeconds day = 24 * hour;

TEST(ErasingClock, is_believed_as_it_goes_on_and_where_it_goes_back) {
  ErasingClock clock = looked_at({}, start);
  for (base::UnixSeconds const step : {60L, hour, day, -hour, -100 * day, day}) {
    base::UnixSeconds const now = clock.looked_at + step;
    clock = looked_at(clock, now);
    EXPECT_EQ(clock, (ErasingClock{now, 0, now})) << step;
  }
}

TEST(ErasingClock, that_jumps_ahead_is_doubted_until_a_day_has_gone_by) {
  ErasingClock clock = looked_at({}, start);
  base::UnixSeconds const jumped = start + 400 * day;
  for (base::UnixSeconds passed = 0; passed < day; passed += hour) {
    clock = looked_at(clock, jumped + passed);
    EXPECT_EQ(clock, (ErasingClock{start, jumped, jumped + passed}));
  }
  clock = looked_at(clock, jumped + day);
  EXPECT_FALSE(clock.is_doubted());
  EXPECT_EQ(clock.believed, jumped + day);
}

TEST(ErasingClock, that_comes_back_is_believed_at_once) {
  ErasingClock const jumped = looked_at(looked_at({}, start), start + 400 * day);
  EXPECT_TRUE(jumped.is_doubted());
  EXPECT_EQ(looked_at(jumped, start + hour), (ErasingClock{start + hour, 0, start + hour}));
}

TEST(ErasingClock, that_jumps_again_is_doubted_for_another_day) {
  ErasingClock clock = looked_at(looked_at({}, start), start + 400 * day);
  base::UnixSeconds const again = start + 402 * day;
  clock = looked_at(clock, again);
  EXPECT_EQ(clock, (ErasingClock{start, again, again}));
  EXPECT_TRUE(looked_at(clock, again + day - 1).is_doubted());
  EXPECT_FALSE(looked_at(clock, again + day).is_doubted());
}

TEST(ErasingClock, says_by_what_is_erased_and_is_kept_by_the_store) {
  SqliteTestHome const home;
  base::UnixSeconds const jumped = start + 3 * day;
  auto const look = [](SqliteStore const& database, base::UnixSeconds now) {
    return net::result_of(look_at_clock(database.store().upkeep, now));
  };
  {
    auto const database = home.open();
    EXPECT_EQ(look(*database, start), start);
    EXPECT_EQ(look(*database, start + 60), start + 60);
    EXPECT_EQ(look(*database, jumped), start) << "what was written is enough";
  }
  auto const database = home.open();
  Upkeep& upkeep = database->store().upkeep;
  EXPECT_EQ(look(*database, jumped + hour), start);
  EXPECT_EQ(net::result_of(time_to_erase_by(upkeep, jumped + hour)), start);
  EXPECT_EQ(net::result_of(time_to_erase_by(upkeep, start + hour)), start + hour)
      << "by that time it fits";
  EXPECT_TRUE(net::result_of(read_erasing_clock(upkeep)).is_doubted());
  net::run_to_end(confirm_clock(upkeep, jumped + hour));
  EXPECT_FALSE(net::result_of(read_erasing_clock(upkeep)).is_doubted());
  EXPECT_EQ(look(*database, jumped + 2 * hour), jumped + 2 * hour);
  net::run_to_end(upkeep.set_setting("erasing_clock", "rubbish"));
  EXPECT_EQ(look(*database, start), start);
}

}  // namespace
}  // namespace store
