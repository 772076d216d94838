#include "http/ranges.h"

#include "base/limits.h"

#include <gtest/gtest.h>

namespace http {
namespace {

using Ranges = std::vector<base::Extent>;

TEST(Ranges, the_forms_of_rfc_9110) {
  EXPECT_EQ(parse_range("bytes=0-499", 1000), (Ranges{{0, 500}}));
  EXPECT_EQ(parse_range("bytes=500-", 1000), (Ranges{{500, 500}}));
  EXPECT_EQ(parse_range("bytes=-300", 1000), (Ranges{{700, 300}}));
  EXPECT_EQ(parse_range("bytes=-3000", 1000), (Ranges{{0, 1000}}));
  EXPECT_EQ(parse_range("bytes=900-5000", 1000), (Ranges{{900, 100}}));
  EXPECT_EQ(parse_range("bytes=0-0, 5-6 ,-1", 1000), (Ranges{{0, 1}, {5, 2}, {999, 1}}));
  EXPECT_EQ(parse_range("bytes=5-18446744073709551615", 10), (Ranges{{5, 5}}));
  EXPECT_EQ(parse_range("bytes=5-99999999999999999999", 10), (Ranges{{5, 5}}));
  EXPECT_EQ(parse_range("Bytes=,1-2, ,\t4-4,", 10), (Ranges{{1, 2}, {4, 1}}));
}

TEST(Ranges, what_cannot_be_satisfied_is_left_out) {
  EXPECT_EQ(parse_range("bytes=1000-", 1000), Ranges{});
  EXPECT_EQ(parse_range("bytes=-0", 1000), Ranges{});
  EXPECT_EQ(parse_range("bytes=99999999999999999999-", 1000), Ranges{});
  EXPECT_EQ(parse_range("bytes=0-", 0), Ranges{});
  EXPECT_EQ(parse_range("bytes=2000-3000,1-1", 1000), (Ranges{{1, 1}}));
}

TEST(Ranges, what_is_no_range_is_ignored) {
  for (char const* wrong :
       {"", "bytes", "bytes=", "bytes=a-b", "bytes=5-4", "bytes=-", "items=0-1", "bytes=1-2,x",
        "bytes=--1", "bytes=, ,", "bytes=+1-2", "bytes=1 -2", "bytes=0x1-2"}) {
    EXPECT_FALSE(parse_range(wrong, 1000)) << wrong;
  }
}

std::string many(std::size_t count) {
  std::string header = "bytes=0-0";
  for (std::size_t i = 1; i < count; ++i) header += ",0-0";
  return header;
}

TEST(Ranges, too_many_are_ignored) {
  constexpr std::size_t most = base::limits::max_ranges;
  auto const all = parse_range(many(most), 10);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), most);
  EXPECT_FALSE(parse_range(many(most + 1), 10));
  // Ranges that cannot be satisfied count as well.
  EXPECT_FALSE(parse_range(many(most) + ",50-", 10));
}

TEST(Ranges, those_that_touch_become_one_and_the_order_is_kept) {
  constexpr std::uint64_t gap = base::limits::max_range_gap;
  EXPECT_EQ(coalesce({}), Ranges{});
  EXPECT_EQ(coalesce({{5, 5}}), (Ranges{{5, 5}}));
  EXPECT_EQ(coalesce({{9000, 10}, {0, 10}, {5000, 10}}), (Ranges{{9000, 10}, {0, 10}, {5000, 10}}));
  EXPECT_EQ(coalesce({{0, 10}, {5, 10}}), (Ranges{{0, 15}}));
  EXPECT_EQ(coalesce({{0, 100}, {5, 10}}), (Ranges{{0, 100}})) << "one within another";
  EXPECT_EQ(coalesce({{0, 10}, {10 + gap, 10}}), (Ranges{{0, 20 + gap}}));
  EXPECT_EQ(coalesce({{0, 10}, {11 + gap, 10}}), (Ranges{{0, 10}, {11 + gap, 10}}));
  EXPECT_EQ(coalesce({{9000, 10}, {5000, 10}, {0, 10}, {9005, 10}, {5000, 10}}),
            (Ranges{{9000, 15}, {5000, 10}, {0, 10}}));
}

}  // namespace
}  // namespace http
