#include "http/conditions.h"

#include <gtest/gtest.h>

namespace http {
namespace {

constexpr std::string_view before = "Sun, 22 Nov 2026 11:59:59 GMT";
constexpr std::string_view then = "Sun, 22 Nov 2026 12:00:00 GMT";
constexpr std::string_view later = "Sun, 22 Nov 2026 12:00:01 GMT";
Validators const current{"\"abc\"", *base::parse_http_date(then)};

Headers with(std::vector<Field> lines) {
  Headers headers;
  for (Field& line : lines) headers.add(std::move(line.name), std::move(line.value));
  return headers;
}

TEST(Conditions, by_the_table_of_rfc_9110) {
  struct Case {
    std::vector<Field> lines;
    std::optional<int> status;
  };
  std::string const old(before);
  std::string const same(then);
  std::string const young(later);
  for (Case const& one : std::vector<Case>{
           {{}, std::nullopt},
           {{{"If-Match", "\"abc\""}}, std::nullopt},
           {{{"If-Match", "\"x\" , \"abc\""}}, std::nullopt},
           {{{"If-Match", "*"}}, std::nullopt},
           {{{"If-Match", "\"abcd\""}}, 412},
           {{{"If-Match", "abc"}}, 412},
           {{{"If-Match", "W/\"abc\""}}, 412},
           {{{"If-None-Match", "\"abc\""}}, 304},
           {{{"If-None-Match", "W/\"abc\""}}, 304},
           {{{"If-None-Match", "*"}}, 304},
           {{{"If-None-Match", "\"x\""}}, std::nullopt},
           {{{"If-Unmodified-Since", old}}, 412},
           {{{"If-Unmodified-Since", same}}, std::nullopt},
           {{{"If-Unmodified-Since", "no date"}}, std::nullopt},
           {{{"If-Modified-Since", old}}, std::nullopt},
           {{{"If-Modified-Since", same}}, 304},
           {{{"If-Modified-Since", young}}, 304},
           // ETags take precedence over times.
           {{{"If-Match", "\"abc\""}, {"If-Unmodified-Since", old}}, std::nullopt},
           {{{"If-None-Match", "\"x\""}, {"If-Modified-Since", young}}, std::nullopt},
           {{{"If-Match", "\"x\""}, {"If-None-Match", "\"abc\""}}, 412},
           {{{"If-Match", "\"abc\""}, {"If-None-Match", "\"abc\""}}, 304},
       }) {
    SCOPED_TRACE(one.lines.empty() ? "none" : one.lines.front().name + one.lines.front().value);
    EXPECT_EQ(failed_condition(with(one.lines), current), one.status);
  }
}

TEST(Conditions, a_client_may_have_the_bytes_already) {
  EXPECT_TRUE(has_already(with({{"If-None-Match", "\"x\", W/\"abc\""}}), "\"abc\""));
  EXPECT_FALSE(has_already(with({{"If-None-Match", "\"x\""}}), "\"abc\""));
  EXPECT_FALSE(has_already(with({{"If-Modified-Since", std::string(later)}}), "\"abc\""));
}

TEST(Conditions, a_range_is_obeyed_for_these_very_bytes_only) {
  EXPECT_TRUE(if_range_holds({}, current));
  for (std::string_view const good :
       {std::string_view("\"abc\""), std::string_view(" \"abc\" "), then})
    EXPECT_TRUE(if_range_holds(with({{"If-Range", std::string(good)}}), current)) << good;
  for (std::string_view const wrong :
       {std::string_view("\"x\""), std::string_view("W/\"abc\""), std::string_view("*"),
        std::string_view("\"x\", \"abc\""), std::string_view(""), before, later})
    EXPECT_FALSE(if_range_holds(with({{"If-Range", std::string(wrong)}}), current)) << wrong;
}

}  // namespace
}  // namespace http
