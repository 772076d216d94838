#include "base/log.h"

#include <array>

#include <gtest/gtest.h>

namespace base {
namespace {

constexpr std::int64_t time_ms = 1'800'000'000'042;

TEST(Log, a_json_line_is_one_object_with_the_fields_behind_the_message) {
  std::array<LogField, 2> const fields{{{"request_id", "abc"}, {"bytes", 17U}}};
  EXPECT_EQ(json_line(time_ms, LogLevel::warning, "slow", fields),
            R"({"time":"2027-01-15T08:00:00.042Z","level":"warning","message":"slow",)"
            R"("request_id":"abc","bytes":17})");
}

TEST(Log, json_holds_whatever_the_texts_hold) {
  std::array<LogField, 1> const fields{{{"route", "a\"b\\\n"}}};
  std::string const line = json_line(time_ms, LogLevel::error, "not \xff UTF-8\n\"", fields);
  EXPECT_NE(line.find("\"message\":\"not \xEF\xBF\xBD UTF-8\\n\\\"\""), std::string::npos) << line;
  EXPECT_NE(line.find(R"("route":"a\"b\\\n")"), std::string::npos) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(Log, a_text_line_stays_one_line) {
  std::array<LogField, 2> const fields{{{"method", "GET"}, {"status", 200U}}};
  EXPECT_EQ(text_line("a\nb", fields), "a\\x0Ab method=GET status=200");
}

TEST(Log, a_value_with_spaces_is_quoted_and_an_empty_one_left_out) {
  std::array<LogField, 2> const fields{{{"who", "a b"}, {"request_id", ""}}};
  EXPECT_EQ(text_line("x", fields), "x who=\"a b\"");
  EXPECT_EQ(json_line(time_ms, LogLevel::info, "x", fields),
            R"({"time":"2027-01-15T08:00:00.042Z","level":"info","message":"x","who":"a b"})");
}

}  // namespace
}  // namespace base
