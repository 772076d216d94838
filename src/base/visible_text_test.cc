#include "base/visible_text.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(VisibleText, what_would_work_on_a_terminal_is_shown) {
  EXPECT_EQ(visible("a\x1B[2Jb\r\n\t\x7F"), R"(a\x1B[2Jb\x0D\x0A\x09\x7F)");
  EXPECT_EQ(visible("\xC2\x9B"
                    "31m"),
            R"(\u009B31m)");
  EXPECT_EQ(visible("exe.\xE2\x80\xAEgpj\xE2\x80\xAC"), R"(exe.\u202Egpj\u202C)");
  EXPECT_EQ(visible("\xE2\x81\xA6\xE2\x81\xA9\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C\xE2\x80\xA8"),
            R"(\u2066\u2069\u200E\u200F\u061C\u2028)");
  EXPECT_EQ(visible(std::string_view("a\0b", 3)), R"(a\x00b)");
  EXPECT_EQ(visible("a\x9B\xFF"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(VisibleText, all_else_stays) {
  for (char const* text : {"", "a b", "Gr\u00FC\u00DFe", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
                           "\xF0\x9F\x98\x80", "back\\slash", "\xC2\xA0", "\xE2\x80\x8D"})
    EXPECT_EQ(visible(text), text);
}

TEST(VisibleText, json_keeps_its_meaning) {
  EXPECT_EQ(visible_json("{\"a\": \"\xC2\x9B\xE2\x80\xAE\xC3\xBC\\n\x7F\"}\n"),
            "{\"a\": \"\\u009b\\u202e\xC3\xBC\\n\\u007f\"}\n");
}

}  // namespace
}  // namespace base
