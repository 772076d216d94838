#include "archive/crcs.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

TEST(Crcs, the_longest_prefix_that_fits_is_found) {
  Crcs crcs(2);
  EXPECT_EQ(crcs.longest_prefix(0, 1000), PrefixCrc());
  crcs.set_prefix(0, {64, 1});
  crcs.set_prefix(0, {128, 2});
  EXPECT_EQ(crcs.longest_prefix(0, 63), PrefixCrc());
  EXPECT_EQ(crcs.longest_prefix(0, 64), (PrefixCrc{64, 1}));
  EXPECT_EQ(crcs.longest_prefix(0, 127), (PrefixCrc{64, 1}));
  EXPECT_EQ(crcs.longest_prefix(0, 1000), (PrefixCrc{128, 2}));
  EXPECT_EQ(crcs.longest_prefix(1, 1000), PrefixCrc());
}

TEST(Crcs, zero_is_a_crc_like_any_other) {
  Crcs crcs(1);
  EXPECT_EQ(crcs.whole(0), std::nullopt);
  crcs.set_whole(0, 0);
  EXPECT_EQ(crcs.whole(0), 0U);
}

TEST(Crcs, only_what_was_learned_is_news_and_only_once) {
  Crcs crcs(3);
  crcs.set_whole(0, 5);
  crcs.set_prefix(1, {64, 6});
  crcs.learn_whole(0, 10, 5);
  crcs.learn_prefix(1, {64, 6});
  EXPECT_TRUE(crcs.take_news().empty());
  crcs.learn_prefix(2, {64, 7});
  crcs.learn_prefix(2, {64, 7});
  crcs.learn_whole(2, 100, 8);
  crcs.learn_whole(2, 100, 8);
  std::vector<EntryCrc> const news = crcs.take_news();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(news[0].prefix, (PrefixCrc{64, 7}));
  EXPECT_EQ(news[1].entry, 2U);
  EXPECT_EQ(news[1].prefix, (PrefixCrc{100, 8}));
  EXPECT_TRUE(crcs.take_news().empty());
}

}  // namespace
}  // namespace archive
