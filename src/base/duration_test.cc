#include "base/duration.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using namespace std::chrono_literals;

TEST(Duration, has_a_unit_or_is_in_seconds) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("5min"), 5min);
  EXPECT_EQ(parse_duration(" 5 m "), 5min);
  EXPECT_EQ(parse_duration("1.5 h"), 90min);
  EXPECT_EQ(parse_duration("2D"), 48h);
  EXPECT_EQ(parse_duration("300"), 300s);
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration("24h", 24h), 24h);
  EXPECT_EQ(parse_duration("24.1h", 24h), std::nullopt);
}

TEST(Duration, is_nothing_else) {
  for (char const* text : {"", "s", "-1s", "5 apples", "5minutes ago", "nan", "1e3s", "1:30"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  EXPECT_EQ(parse_duration("999999999999999999999d"), std::nullopt);
}

}  // namespace
}  // namespace base
