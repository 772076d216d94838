#include "http/ranges.h"

#include <gtest/gtest.h>

namespace http {
namespace {

using Ranges = std::vector<ByteRange>;

TEST(Ranges, the_forms_of_rfc_9110) {
  EXPECT_EQ(parse_range("bytes=0-499", 1000), (Ranges{{0, 500}}));
  EXPECT_EQ(parse_range("bytes=500-", 1000), (Ranges{{500, 500}}));
  EXPECT_EQ(parse_range("bytes=-300", 1000), (Ranges{{700, 300}}));
  EXPECT_EQ(parse_range("bytes=-3000", 1000), (Ranges{{0, 1000}}));
  EXPECT_EQ(parse_range("bytes=900-5000", 1000), (Ranges{{900, 100}}));
  EXPECT_EQ(parse_range("bytes=0-0, 5-6 ,-1", 1000), (Ranges{{0, 1}, {5, 2}, {999, 1}}));
  EXPECT_EQ(parse_range("bytes=5-18446744073709551615", 10), (Ranges{{5, 5}}));
}

TEST(Ranges, what_cannot_be_satisfied_is_left_out) {
  EXPECT_EQ(parse_range("bytes=1000-", 1000), Ranges{});
  EXPECT_EQ(parse_range("bytes=-0", 1000), Ranges{});
  EXPECT_EQ(parse_range("bytes=0-", 0), Ranges{});
  EXPECT_EQ(parse_range("bytes=2000-3000,1-1", 1000), (Ranges{{1, 1}}));
}

TEST(Ranges, what_is_no_range_is_ignored) {
  for (char const* wrong : {"", "bytes", "bytes=", "bytes=a-b", "bytes=5-4", "bytes=-", "items=0-1",
                            "bytes=1-2,x", "bytes=--1"}) {
    EXPECT_FALSE(parse_range(wrong, 1000)) << wrong;
  }
}

}  // namespace
}  // namespace http
