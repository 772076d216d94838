#include "base/text.h"

#include <random>

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Text, percent_encoding_keeps_only_unreserved_bytes) {
  EXPECT_EQ(percent_encode("a b/ü~-._%"), "a%20b%2F%C3%BC~-._%25");
  EXPECT_EQ(percent_encode("a b/c", true), "a%20b/c");
}

TEST(Text, percent_decoding_refuses_cut_or_wrong_escapes) {
  EXPECT_EQ(percent_decode("a%20b+c"), "a b+c");
  EXPECT_EQ(form_decode("a%20b+c"), "a b c");
  EXPECT_EQ(percent_decode("%"), std::nullopt);
  EXPECT_EQ(percent_decode("%4"), std::nullopt);
  EXPECT_EQ(percent_decode("%4x"), std::nullopt);
}

TEST(Text, sizes_for_people_use_powers_of_1000) {
  EXPECT_EQ(human_size(0), "0 B");
  EXPECT_EQ(human_size(29), "29 B");
  EXPECT_EQ(human_size(999), "999 B");
  EXPECT_EQ(human_size(1000), "1 kB");
  EXPECT_EQ(human_size(9080), "9.1 kB");
  EXPECT_EQ(human_size(999'949), "999.9 kB");
  EXPECT_EQ(human_size(999'950), "1 MB");
  EXPECT_EQ(human_size(UINT64_MAX), "18.4 EB");
}

TEST(Text, sizes_are_read_with_decimal_and_binary_units) {
  EXPECT_EQ(parse_size("10MB"), 10'000'000U);
  EXPECT_EQ(parse_size("10 MiB"), 10U << 20);
  EXPECT_EQ(parse_size("1.5k"), 1500U);
  EXPECT_EQ(parse_size("42"), 42U);
  EXPECT_EQ(parse_size("i"), std::nullopt);
  EXPECT_EQ(parse_size("10 apples"), std::nullopt);
  EXPECT_EQ(parse_size("-1"), std::nullopt);
  EXPECT_EQ(parse_size("99999999 PB"), std::nullopt);
}

TEST(Text, whole_numbers_are_read_strictly) {
  EXPECT_EQ(parse_uint("0"), 0U);
  EXPECT_EQ(parse_uint("18446744073709551615"), UINT64_MAX);
  for (char const* wrong : {"", "-1", "+1", " 1", "1 ", "1x", "18446744073709551616"}) {
    EXPECT_EQ(parse_uint(wrong), std::nullopt) << wrong;
  }
}

TEST(Text, bytes_that_are_no_utf8_become_the_replacement_character) {
  EXPECT_TRUE(is_utf8("Grüße €𝄞"));
  EXPECT_EQ(to_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_FALSE(is_utf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // over U+10FFFF
  EXPECT_EQ(to_utf8("\xE2\x82z"), "\xEF\xBF\xBDz");
  EXPECT_EQ(to_utf8("\x80\xC3\xC3\xA4"), "\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA4");
  EXPECT_EQ(to_utf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

// Aim: to_utf8() leaves a text as it is exactly if is_utf8() takes it.
TEST(Text, random_bytes_are_utf8_where_nothing_is_replaced) {
  std::mt19937 random(1);
  constexpr std::string_view bytes =
      "az\x80\x8F\x90\x9F\xA0\xBF\xC0\xC2\xDF\xE0\xED\xEF\xF0\xF4\xF5\xFF";
  for (int i = 0; i < 100'000; ++i) {
    std::string text(1 + random() % 5, 'a');
    for (char& c : text) c = bytes[random() % bytes.size()];
    std::string const made = to_utf8(text);
    ASSERT_EQ(is_utf8(text), made == text) << hex(as_bytes(text));
    ASSERT_TRUE(is_utf8(made));
  }
}

TEST(Text, hex_has_two_small_digits_a_byte) {
  EXPECT_EQ(hex({}), "");
  EXPECT_EQ(hex(as_bytes(std::string_view("\0\x0F\xAB\xFF", 4))), "000fabff");
}

TEST(Text, base64_goes_both_ways) {
  EXPECT_EQ(base64(as_bytes("any carnal pleas")), "YW55IGNhcm5hbCBwbGVhcw==");
  auto const back = base64_decode("YW55IGNhcm5hbCBwbGVhcw==");
  ASSERT_TRUE(back);
  EXPECT_EQ(std::string(back->begin(), back->end()), "any carnal pleas");
  EXPECT_FALSE(base64_decode("YW5*"));
}

TEST(Text, foreign_text_is_quoted_whatever_it_is) {
  EXPECT_EQ(in_quotes(""), "\"\"");
  EXPECT_EQ(in_quotes("a\"b\\c\r\n"), R"("a\"b\\c\r\n")");
  EXPECT_EQ(in_quotes(std::string_view("\0\x1B\x7F", 3)), R"("\x00\x1b\x7f")");
  EXPECT_EQ(in_quotes("\xC3\xA4"), "\"\xC3\xA4\"");
  EXPECT_EQ(in_quotes("h\xFF\xF0x"), "\"h\xEF\xBF\xBD\xEF\xBF\xBDx\"");
  EXPECT_EQ(in_quotes(std::string(201, 'x')), '"' + std::string(200, 'x') + "\"…");
}

}  // namespace
}  // namespace base
