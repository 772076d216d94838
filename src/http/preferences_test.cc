#include "http/preferences.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Preferences, weights_by_rfc_9110) {
  EXPECT_EQ(weight_of("br", "gzip, deflate, br"), 1000);
  EXPECT_EQ(weight_of("gzip", "GZip ; q=0.5, br;q=1"), 500);
  EXPECT_EQ(weight_of("br", "gzip ; q=0.5,br;Q=1.000"), 1000);
  EXPECT_EQ(weight_of("br", "br;q=0"), 0);
  EXPECT_EQ(weight_of("br", "br;q=0.001"), 1);
  EXPECT_EQ(weight_of("text/html", "text/html;level=1;q=0.7, */*"), 700);
  EXPECT_EQ(weight_of("br", "gzip"), std::nullopt);
  EXPECT_EQ(weight_of("br", "brotli, b r"), std::nullopt);
  EXPECT_EQ(weight_of("br", ""), std::nullopt);
}

TEST(Preferences, a_weight_that_is_none_wants_nothing) {
  for (char const* weight : {"", "2", "-1", "0,5", "0.5x", "0.1234", "1.x", ".5", "q"})
    EXPECT_EQ(weight_of("br", std::string("br;q=") + weight), 0) << weight;
  EXPECT_EQ(weight_of("br", "br;q=1.9"), 1000);
}

}  // namespace
}  // namespace http
