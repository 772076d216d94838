#include "archive/key_rules.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

TEST(Glob, matches_the_whole_text) {
  struct Case {
    char const* glob;
    char const* text;
    bool matches;
  };
  for (Case const& one : {Case{"a.txt", "a.txt", true},
                          Case{"a.txt", "a.txt2", false},
                          Case{"a.txt", "ba.txt", false},
                          Case{"", "", true},
                          Case{"", "a", false},
                          Case{"*", "", true},
                          Case{"*", "a/b", true},
                          Case{"*.jpg", "a/b.jpg", true},
                          Case{"*.jpg", "a/b.jpg.txt", false},
                          Case{"a/*/c", "a/b/b/c", true},
                          Case{"a*b*c", "aXbXbXc", true},
                          Case{"a*b*c", "aXcXb", false},
                          Case{"**", "x", true},
                          Case{"?", "x", true},
                          Case{"?", "", false},
                          Case{"?", "é", true},
                          Case{"??", "é", false},
                          Case{"*?", "日本", true},
                          Case{"[ab]c", "bc", true},
                          Case{"[ab]c", "cc", false},
                          Case{"[!ab]c", "cc", true},
                          Case{"[!ab]c", "ac", false},
                          Case{"[0-9][0-9]", "42", true},
                          Case{"[0-9]", "a", false},
                          Case{"[à-ý]", "é", true},
                          Case{"[à-ý]", "e", false},
                          Case{"*[!é]", "é", false},
                          Case{"*[!é]x", "aéx", false},
                          Case{"*[!é]x", "éax", true},
                          Case{"*é", "日é", true},
                          Case{"*aab", "aaaab", true},
                          Case{"*aab*c", "aaaabxc", true},
                          Case{"*aab?c", "aabcaabxc", true},
                          Case{"*ab", "aXb", false},
                          Case{"*\xA9", "\xC3\xA9", false},
                          Case{"[]]", "]", true},
                          Case{"[a-]", "-", true},
                          Case{"[a", "[a", true},
                          Case{"A", "a", false}}) {
    EXPECT_EQ(matches_glob(one.glob, one.text), one.matches) << one.glob << " " << one.text;
  }
}

TEST(Glob, many_stars_take_no_exponential_time) {
  std::string glob;
  for (int i = 0; i < 200; ++i) glob += "*a";
  EXPECT_FALSE(matches_glob(glob + "b", std::string(20'000, 'a')));
}

TEST(Glob, long_texts_that_nearly_match_take_linear_time) {
  std::string const glob = "*" + std::string(200'000, 'a') + "b*c";
  EXPECT_FALSE(matches_glob(glob, std::string(2'000'000, 'a')));
  EXPECT_TRUE(matches_glob(glob, std::string(2'000'000, 'a') + "bxc"));
}

TEST(KeyRules, the_last_one_that_matches_decides) {
  std::vector<KeyRule> const rules{{false, "*.tmp"}, {true, "keep/*"}, {false, "*/secret*"}};
  EXPECT_TRUE(takes(rules, "a.txt"));
  EXPECT_FALSE(takes(rules, "a.tmp"));
  EXPECT_TRUE(takes(rules, "keep/a.tmp"));
  EXPECT_FALSE(takes(rules, "keep/secret.txt"));
}

TEST(KeyRules, a_list_that_begins_with_include_takes_nothing_else) {
  std::vector<KeyRule> const rules{{true, "*.jpg"}, {false, "raw/*"}};
  EXPECT_TRUE(takes(rules, "a.jpg"));
  EXPECT_FALSE(takes(rules, "a.txt"));
  EXPECT_FALSE(takes(rules, "raw/a.jpg"));
  EXPECT_TRUE(takes({}, "anything"));
}

}  // namespace
}  // namespace archive
