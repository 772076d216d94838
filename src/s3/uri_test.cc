#include "s3/uri.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

TEST(Uri, is_a_bucket_and_a_key_byte_for_byte) {
  EXPECT_EQ(parse_uri("s3://photos/a/b.txt"), (ObjectName{"photos", "a/b.txt"}));
  EXPECT_EQ(parse_uri("s3://photos/a/"), (ObjectName{"photos", "a/"}));
  EXPECT_EQ(parse_uri("s3://photos//a%20b?c#d"), (ObjectName{"photos", "/a%20b?c#d"}));
  EXPECT_EQ(parse_uri("s3://photos"), (ObjectName{"photos", ""}));
  EXPECT_EQ(parse_uri("s3://photos/"), (ObjectName{"photos", ""}));
  EXPECT_EQ(parse_uri("s3://my.dotted-bucket_1/k"), (ObjectName{"my.dotted-bucket_1", "k"}));
}

TEST(Uri, what_names_no_bucket_is_refused) {
  for (char const* text : {"", "s3:/photos/a", "photos/a", "s3://", "s3:///a", "s3://a b/c",
                           "https://photos/a", "S3://photos/a", "s3://x/a"}) {
    try {
      parse_uri(text);
      FAIL() << text;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::bad_input) << text;
    }
  }
}

TEST(Uri, a_file_is_none) {
  EXPECT_TRUE(is_uri("s3://"));
  EXPECT_FALSE(is_uri("photos.zip"));
  EXPECT_FALSE(is_uri("/s3://photos"));
}

}  // namespace
}  // namespace s3
