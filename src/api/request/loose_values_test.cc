#include "api/request/loose_values.h"

#include <cmath>

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(LooseValues, a_number_is_written_in_many_ways) {
  for (char const* text : {"24", "24.0", " 24 ", "24.", "2.4e1", "240E-1", "024"})
    EXPECT_EQ(loose_number(text), 24.0) << text;
  EXPECT_EQ(loose_number("true"), 1.0);
  EXPECT_EQ(loose_number("False"), 0.0);
  EXPECT_EQ(loose_number("-1"), -1.0);
  EXPECT_EQ(loose_number(".5"), 0.5);
  EXPECT_TRUE(std::isinf(loose_number(std::string(400, '9')).value()));
}

TEST(LooseValues, other_texts_are_no_number) {
  for (char const* text : {"", " ", "soon", "0x10", "inf", "nan", "+1", "1 2", "1,5", "-", ".",
                           "e5", "1e", "--1", "24h", "yes"})
    EXPECT_EQ(loose_number(text), std::nullopt) << text;
  EXPECT_EQ(loose_number(std::string("1\0", 2)), std::nullopt);
}

TEST(LooseValues, a_count_is_whole_and_not_negative) {
  for (char const* text : {"5", "5.0", "0.5e1"}) EXPECT_EQ(loose_count(text), 5U) << text;
  EXPECT_EQ(loose_count("true"), 1U);
  EXPECT_EQ(loose_count("-0"), 0U);
  EXPECT_EQ(loose_count("9007199254740993"), 9007199254740993U) << "not the nearest double";
  EXPECT_EQ(loose_count("1e30"), UINT64_MAX);
  for (char const* text : {"1.5", "-1", "many", ""}) EXPECT_EQ(loose_count(text), std::nullopt);
}

TEST(LooseValues, flags) {
  for (char const* text : {"true", "TRUE", "1", "1.0", " yes ", "on"})
    EXPECT_EQ(loose_flag(text), true) << text;
  for (char const* text : {"false", "0", "0.0", "no", "Off"})
    EXPECT_EQ(loose_flag(text), false) << text;
  for (char const* text : {"", "maybe", "2", "-1", "0.5"})
    EXPECT_EQ(loose_flag(text), std::nullopt) << text;
}

}  // namespace
}  // namespace api
