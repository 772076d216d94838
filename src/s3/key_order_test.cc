#include "s3/key_order.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

TEST(KeyOrder, utf16_puts_the_last_of_the_first_plane_behind_all_others) {
  EXPECT_TRUE(is_before_in_utf16("a/\U0001F600", "a/\uFB01"));
  EXPECT_FALSE(is_before_in_utf16("a/\uFB01", "a/\U0001F600"));
  EXPECT_TRUE(is_before_in_utf16("\uD7FF", "\U0001F600"));
}

TEST(KeyOrder, utf16_is_the_order_of_bytes_elsewhere) {
  EXPECT_TRUE(is_before_in_utf16("a", "b"));
  EXPECT_TRUE(is_before_in_utf16("a", "a/"));
  EXPECT_TRUE(is_before_in_utf16("", "a"));
  EXPECT_TRUE(is_before_in_utf16("\uFB01", "\uFB02"));
  EXPECT_FALSE(is_before_in_utf16("a", "a"));
  EXPECT_FALSE(is_before_in_utf16("a/", "a"));
}

}  // namespace
}  // namespace s3
