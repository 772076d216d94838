#include "base/spelling.h"

#include <array>

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Spelling, the_distance_counts_what_has_to_change) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("listen", "listen"), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("lisen", "listen"), 1U);
  EXPECT_EQ(edit_distance("listen", "lisen"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Spelling, the_nearest_name_is_one_that_may_have_been_meant) {
  constexpr std::array<std::string_view, 3> names{"listen", "log_level", "log_format"};
  EXPECT_EQ(nearest_name("lisen", names), "listen");
  EXPECT_EQ(nearest_name("log_formatt", names), "log_format");
  EXPECT_EQ(nearest_name("loglevel", names), "log_level");
  EXPECT_EQ(nearest_name("memory", names), "");
  EXPECT_EQ(nearest_name("", names), "");
}

}  // namespace
}  // namespace base
