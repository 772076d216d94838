#include "archive/plan/crcs.h"

#include "base/limits.h"

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
  crcs.recall_whole(0, 5);
  crcs.set_prefix(1, {64, 6});
  EXPECT_TRUE(crcs.learn_whole(0, 10, 5));
  crcs.learn_prefix(0, {64, 4});
  crcs.learn_prefix(1, {64, 6});
  EXPECT_TRUE(crcs.take_news().empty());
  crcs.learn_prefix(2, {64, 7});
  crcs.learn_prefix(2, {64, 7});
  EXPECT_TRUE(crcs.learn_whole(2, 100, 8));
  EXPECT_TRUE(crcs.learn_whole(2, 100, 8));
  std::vector<EntryCrc> const news = crcs.take_news();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(news[0].prefix, (PrefixCrc{64, 7}));
  EXPECT_EQ(news[1].entry, 2U);
  EXPECT_EQ(news[1].prefix, (PrefixCrc{100, 8}));
  EXPECT_TRUE(crcs.take_news().empty());
}

TEST(Crcs, what_s3_told_is_checked_once_it_was_computed) {
  Crcs crcs(1);
  crcs.set_whole(0, 5);
  EXPECT_TRUE(crcs.is_settled(0));
  EXPECT_FALSE(crcs.is_checked(0));
  EXPECT_TRUE(crcs.learn_whole(0, 10, 5));
  EXPECT_TRUE(crcs.is_checked(0));
  // A download that is resumed elsewhere need not check it again.
  ASSERT_EQ(crcs.take_news().size(), 1U);
}

TEST(Crcs, another_crc_than_that_on_record_puts_it_in_doubt) {
  Crcs crcs(2);
  crcs.set_whole(0, 5);
  crcs.set_prefix(0, {64, 1});
  EXPECT_FALSE(crcs.learn_whole(0, 100, 6));
  EXPECT_FALSE(crcs.is_settled(0));
  EXPECT_FALSE(crcs.is_checked(0));
  EXPECT_EQ(crcs.whole(0), 5U) << "what it was planned with";
  EXPECT_EQ(crcs.longest_prefix(0, 100), PrefixCrc()) << "it is read from its beginning";
  std::vector<EntryCrc> const news = crcs.take_news();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news[0].prefix, (PrefixCrc{100, 6}));
  // Another process has the CRC from the store.
  crcs.set_whole(1, 5);
  crcs.set_prefix(1, {64, 1});
  crcs.recall_whole(1, 6);
  EXPECT_FALSE(crcs.is_settled(1));
  EXPECT_EQ(crcs.whole(1), 5U);
  EXPECT_EQ(crcs.longest_prefix(1, 100), PrefixCrc());
  EXPECT_TRUE(crcs.take_news().empty());
  // The reading was wrong, not the object.
  EXPECT_TRUE(crcs.learn_whole(1, 100, 5));
  EXPECT_TRUE(crcs.is_settled(1));
  EXPECT_TRUE(crcs.is_checked(1));
  EXPECT_EQ(crcs.take_news().size(), 1U);
}

TEST(Crcs, much_news_is_much_to_read_again) {
  constexpr std::uint64_t segment = base::limits::crc_segment_bytes;
  Crcs crcs(3);
  crcs.learn_whole(0, 100, 1);
  crcs.learn_prefix(1, {segment, 2});
  crcs.learn_prefix(1, {segment, 2});
  EXPECT_FALSE(crcs.has_much_news()) << "the same twice is no news";
  crcs.learn_whole(2, base::limits::crc_news_bytes, 3);
  EXPECT_TRUE(crcs.has_much_news());
  EXPECT_EQ(crcs.take_news().size(), 3U);
  EXPECT_FALSE(crcs.has_much_news());
}

TEST(Crcs, much_news_is_many_small_objects) {
  constexpr std::size_t count = base::limits::crc_news_count;
  Crcs crcs(count);
  for (std::size_t entry = 0; entry + 1 < count; ++entry) crcs.learn_whole(entry, 1, 1);
  EXPECT_FALSE(crcs.has_much_news());
  crcs.learn_whole(count - 1, 1, 1);
  EXPECT_TRUE(crcs.has_much_news());
}

}  // namespace
}  // namespace archive
