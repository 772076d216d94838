#include "sandbox/plain_path.h"

#include <filesystem>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

using namespace std::literals;

TEST(PlainPath, ordinary_keys_are_paths) {
  for (auto const key :
       {"a"sv, "a/b"sv, "photos/2026/räksmörgås.jpg"sv, "a b+c%20.txt"sv, ".hidden"sv, "..."sv,
        "a/..b/c.."sv, "tab\tnew\nline"sv, "\xff\xfe"sv, "~"sv, "\\"sv}) {
    EXPECT_TRUE(is_plain_path(key)) << key;
  }
  EXPECT_TRUE(is_plain_path(std::string(255, 'x') + "/" + std::string(255, 'y')));
}

TEST(PlainPath, keys_that_are_no_path_or_lead_elsewhere_are_not) {
  for (auto const key : {""sv, "/"sv, "/a"sv, "a/"sv, "a//b"sv, "."sv, ".."sv, "../x"sv, "a/./b"sv,
                         "a/../../b"sv, "a/.."sv, "a\0b"sv}) {
    EXPECT_FALSE(is_plain_path(key)) << key;
  }
  EXPECT_FALSE(is_plain_path(std::string(256, 'x')));
  EXPECT_FALSE(is_plain_path("a/" + std::string(256, 'x')));
}

// Aim: any key that is taken for a path lies below the folder, and the file system reads it as it
// stands, so that no two keys share a file.
TEST(PlainPath, property_a_plain_path_is_its_own_normal_form_below_the_folder) {
  unsigned const seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::string_view const alphabet = "ab./.\\~ %\xC3\xA4\x01";
  int plain_count = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string key;
    for (std::size_t n = random() % 12; n > 0; --n) key += alphabet[random() % alphabet.size()];
    if (!is_plain_path(key)) continue;
    ++plain_count;
    std::filesystem::path const root = "/folder/bucket";
    std::filesystem::path const file = root / key;
    EXPECT_EQ(file.lexically_normal().native(), file.native()) << key;
    EXPECT_EQ(file.lexically_relative(root).native(), key);
  }
  EXPECT_GT(plain_count, 1000);
}

TEST(PlainPath, the_hidden_folder_is_no_bucket) {
  EXPECT_FALSE(is_served_bucket_name(".s3zipper"));
  EXPECT_FALSE(is_served_bucket_name("a/b"));
  EXPECT_FALSE(is_served_bucket_name(".."));
  EXPECT_TRUE(is_served_bucket_name("Photos_2026"));
}

}  // namespace
}  // namespace sandbox
