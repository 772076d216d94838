#include "store/live.h"

#include <gtest/gtest.h>

namespace store {
namespace {

TEST(LiveZips, an_entry_lives_as_long_as_somebody_holds_it) {
  LiveZips zips;
  EXPECT_EQ(zips.find("a"), nullptr);
  std::shared_ptr<LiveZip> const first = zips.open("a");
  EXPECT_EQ(zips.open("a"), first);
  EXPECT_EQ(zips.find("a"), first);
  EXPECT_EQ(zips.find("b"), nullptr);
  std::weak_ptr<LiveZip> const gone = zips.open("b");
  EXPECT_TRUE(gone.expired());
  EXPECT_EQ(zips.find("b"), nullptr);
  EXPECT_NE(zips.open("b"), nullptr);
}

TEST(LiveZips, what_has_ended_and_is_run_anew_has_a_new_entry) {
  LiveZips zips;
  std::shared_ptr<LiveZip> const first = zips.open("a");
  first->ended.set();
  std::shared_ptr<LiveZip> const second = zips.open("a");
  EXPECT_NE(second, first);
  EXPECT_FALSE(second->ended.is_set());
  EXPECT_EQ(zips.find("a"), second);
}

TEST(LiveZips, what_was_cancelled_and_is_taken_up_again_has_a_new_entry) {
  LiveZips zips;
  std::shared_ptr<LiveZip> const first = zips.open("a");
  first->cancelled.set();
  EXPECT_FALSE(zips.open("a")->cancelled.is_set());
}

}  // namespace
}  // namespace store
