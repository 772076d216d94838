#include "s3/messages/etag.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

constexpr std::string_view md5 = "\"5d41402abc4b2a76b9719d911017c592\"";

TEST(Etag, gets_the_quotes_that_if_match_wants) {
  EXPECT_EQ(quoted_etag("5d41402abc4b2a76b9719d911017c592"), md5);
  EXPECT_EQ(quoted_etag(" \"5d41402abc4b2a76b9719d911017c592\" "), md5);
  EXPECT_EQ(quoted_etag("&quot;5d41402abc4b2a76b9719d911017c592&quot;"), md5);
  EXPECT_EQ(quoted_etag("W/abc"), "W/\"abc\"");
  EXPECT_EQ(quoted_etag("W/\"abc\""), "W/\"abc\"");
  EXPECT_EQ(quoted_etag(""), "");
  EXPECT_EQ(quoted_etag("\"\""), "");
  EXPECT_EQ(quoted_etag("\""), "\"\"\"");  // a tag of one quote: odd, and kept
}

TEST(Etag, is_compared_by_what_is_within_the_quotes) {
  for (std::string_view const spelled :
       {"5d41402abc4b2a76b9719d911017c592", "W/\"5d41402abc4b2a76b9719d911017c592\"",
        "\"5D41402ABC4B2A76B9719D911017C592\"", "\"5d41402abc4b2a76b9719d911017c592-gzip\"",
        "W/\"5d41402abc4b2a76b9719d911017c592--gzip\"",
        "&quot;5d41402abc4b2a76b9719d911017c592&quot;"})
    EXPECT_TRUE(is_same_etag(md5, spelled)) << spelled;
  EXPECT_TRUE(is_same_etag("\"5D41402a-3\"", "5d41402A-3"));
}

TEST(Etag, of_another_version_is_another) {
  EXPECT_FALSE(is_same_etag(md5, "\"5d41402abc4b2a76b9719d911017c593\""));
  EXPECT_FALSE(is_same_etag(md5, "\"5d41402abc4b2a76b9719d911017c592-2\""));
  EXPECT_FALSE(is_same_etag("\"Version\"", "\"version\""));
  EXPECT_FALSE(is_same_etag(md5, ""));
}

TEST(Etag, is_weak_by_its_mark_alone) {
  EXPECT_TRUE(is_weak_etag("W/\"a\""));
  EXPECT_FALSE(is_weak_etag("\"W/a\""));
  EXPECT_FALSE(is_weak_etag(md5));
}

}  // namespace
}  // namespace s3
