// Each expectation is the AWS CLI's result for the same text (botocore.configloader).
#include "aws/sources/ini.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

using base::Error;
using base::Fault;
using Values = std::map<std::string, std::string>;

TEST(Ini, comments_and_spaces_are_nothing_and_values_may_hold_anything) {
  auto const sections =
      parse_ini("# c\n; c\n\n [ a ] \r\nKey = v = #1 \r\n[b]\nempty =\nnext = n\n", "f");
  EXPECT_EQ(sections.at("a").at("key"), "v = #1");
  EXPECT_EQ(sections.at("b").at("empty"), "");
  EXPECT_EQ(sections.at("b").at("next"), "n");
}

TEST(Ini, what_follows_a_section_s_bracket_is_nothing) {
  for (char const* header : {"[default] # work", "[default]; work", "[default]x", "  [default]  "})
    EXPECT_EQ(parse_ini(std::string(header) + "\nregion=a\n", "f"),
              (IniSections{{"default", {{"region", "a"}}}}))
        << header;
  EXPECT_TRUE(parse_ini("[default]#x]\nregion=a\n", "f").contains("default]#x"));
  EXPECT_TRUE(parse_ini("[a]]b\nregion=a\n", "f").contains("a]"));
}

TEST(Ini, a_comment_is_a_whole_line) {
  EXPECT_EQ(parse_ini("[default]\nregion = a # b\n  # c\n", "f").at("default"),
            (Values{{"region", "a # b"}}));
}

TEST(Ini, keys_have_no_case_and_end_at_an_equals_sign_or_a_colon) {
  EXPECT_EQ(parse_ini("[default]\nRegion: eu\nendpoint_url = http://a:1\n", "f").at("default"),
            (Values{{"region", "eu"}, {"endpoint_url", "http://a:1"}}));
  EXPECT_FALSE(parse_ini("[Default]\nregion=a\n", "f").contains("default"));
}

TEST(Ini, lines_that_are_indented_more_go_on_with_the_value) {
  EXPECT_EQ(parse_ini("[a]\nregion = a\n# c\n  b\n", "f").at("a"), (Values{{"region", "a\nb"}}));
  EXPECT_EQ(parse_ini("[a]\n  region = a\n  output = b\n", "f").at("a"),
            (Values{{"region", "a"}, {"output", "b"}}));
  EXPECT_EQ(parse_ini("[a]\ns3 = x\n  y = z\n", "f").at("a"), (Values{{"s3", "x\ny = z"}}));
}

TEST(Ini, a_nested_block_may_hold_comments_and_empty_lines) {
  EXPECT_EQ(
      parse_ini("[a]\ns3 =\n\taddressing_style = path\n  # c\n\n  Key = v # w\nregion = a\n", "f")
          .at("a"),
      (Values{{"s3", ""}, {"s3.addressing_style", "path"}, {"s3.Key", "v # w"}, {"region", "a"}}));
}

TEST(Ini, defaults_are_of_all_sections) {
  EXPECT_EQ(parse_ini("[DEFAULT]\nregion=a\noutput=c\n[profile x]\noutput=b\n", "f"),
            (IniSections{{"profile x", {{"region", "a"}, {"output", "b"}}}}));
}

TEST(Ini, a_wrong_line_is_named) {
  for (char const* text : {"\nkey = value\n", "[a]\nnothing\n", "[a]\n[b\n", "[a]\n= x\n",
                           "[a]\n[]\n", "[a]\n[a]\n", "[a]\ns3 =\n  nothing\n"}) {
    try {
      parse_ini(text, "file");
      FAIL() << text;
    } catch (Error const& error) {
      EXPECT_EQ(error.fault(), Fault::config);
      EXPECT_EQ(std::string(error.what()).find("file, line 2:"), 0U) << error.what();
    }
  }
  EXPECT_THROW(parse_ini("[a]\nregion=a\nREGION=b\n", "file"), Error);
}

TEST(SplitWords, are_a_shell_s) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(split_words("profile work"), (Words{"profile", "work"}));
  EXPECT_EQ(split_words(" profile\t \"x y\" "), (Words{"profile", "x y"}));
  EXPECT_EQ(split_words("profile 'a\"b'c\\ d"), (Words{"profile", "a\"bc d"}));
  EXPECT_EQ(split_words("profile \"a\\\"b\\c\""), (Words{"profile", "a\"b\\c"}));
  EXPECT_EQ(split_words("profile ''"), (Words{"profile", ""}));
  EXPECT_EQ(split_words("profile \"x"), std::nullopt);
  EXPECT_EQ(split_words("profile x\\"), std::nullopt);
  EXPECT_EQ(split_words(""), Words());
}

}  // namespace
}  // namespace aws
