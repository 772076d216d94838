#include "s3/messages/key_order.h"

#include <algorithm>
#include <string_view>
#include <vector>

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

TEST(KeyOrder, paths_are_walked_folder_by_folder) {
  EXPECT_TRUE(is_before_in_paths("a/b", "a-b"));
  EXPECT_FALSE(is_before_in_paths("a-b", "a/b"));
  EXPECT_TRUE(is_before_in_paths("a", "a/b"));
  EXPECT_TRUE(is_before_in_paths("a", "\uFB01"));
  EXPECT_FALSE(is_before_in_paths("a", "a"));
}

bool goes_on(std::vector<std::string_view> const& keys) {
  KeyOrder order;
  return std::ranges::all_of(keys, [&order](std::string_view key) { return order.take(key); });
}

TEST(KeyOrder, any_order_will_do_as_long_as_it_is_one) {
  EXPECT_TRUE(goes_on({"a", "a-b", "a/b", "b"}));
  EXPECT_TRUE(goes_on({"a", "a/b", "a-b", "b"}));
  EXPECT_TRUE(goes_on({"a", "\U0001F600", "\uFB01"}));
  EXPECT_TRUE(goes_on({"a", "\uFB01", "\U0001F600"}));
  EXPECT_FALSE(goes_on({"a", "\uFB01", "\U0001F600", "\uFB01"}));
  EXPECT_FALSE(goes_on({"a-b", "a/b", "b/c", "b-c"}));
  EXPECT_FALSE(goes_on({"b", "a"}));
  EXPECT_FALSE(goes_on({"a", "a"}));
}

}  // namespace
}  // namespace s3
