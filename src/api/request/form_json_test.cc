#include "api/request/form_json.h"

#include "base/error.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace api {
namespace {

std::string to_json(std::vector<http::Field> const& fields) {
  return boost::json::serialize(form_to_json(fields));
}

TEST(FormJson, names_are_paths_and_values_have_the_type_of_their_field) {
  EXPECT_EQ(to_json({{"bucket", "photos"},
                     {"credentials.accessKeyId", "a"},
                     {"credentials.secretAccessKey", "1"},
                     {"link.hours", "48"},
                     {"link.presign", "false"},
                     {"requestPayer", "on"},
                     {"fileName", "true"}}),
            R"({"bucket":"photos","credentials":{"accessKeyId":"a","secretAccessKey":"1"},)"
            R"("link":{"hours":48,"presign":false},"requestPayer":true,"fileName":"true"})");
}

TEST(FormJson, numbers_and_flags_may_be_written_as_programs_do) {
  EXPECT_EQ(to_json({{"link.hours", "24.0"}, {"link.presign", "True"}, {"requestPayer", "0"}}),
            R"({"link":{"hours":24,"presign":true},"requestPayer":false})");
  EXPECT_EQ(to_json({{"split.maxBytes", "9007199254740993"}, {"split.maxEntries", "true"}}),
            R"({"split":{"maxBytes":9007199254740993,"maxEntries":1}})");
}

TEST(FormJson, lists_come_repeated_or_by_lines) {
  EXPECT_EQ(to_json({{"sources", "a/"}, {"sources[]", "b"}, {"sources", "c\r\nd\n\ne "}}),
            R"({"sources":["a/","b","c","d","e "]})");
}

TEST(FormJson, what_is_left_empty_is_absent) {
  EXPECT_EQ(to_json({{"bucket", ""}, {"link.hours", ""}, {"sources", ""}, {"", ""}}), "{}");
}

TEST(FormJson, what_cannot_be_is_refused_by_name) {
  auto const refusal = [](std::vector<http::Field> const& fields) {
    try {
      return to_json(fields);
    } catch (base::Error const& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(refusal({{"bucket", "a"}, {"bucket", "b"}}), "bucket is given twice");
  EXPECT_EQ(refusal({{"link.hours", "many"}}), "link.hours must be a whole number");
  EXPECT_EQ(refusal({{"link.presign", "maybe"}}), "link.presign must be true or false");
  EXPECT_EQ(refusal({{"bucket", "\xFF"}}), "bucket is no UTF-8");
  EXPECT_EQ(refusal({{"link", "x"}, {"link.hours", "1"}}),
            "link.hours is a field of what is no object");
  EXPECT_EQ(refusal({{"link.hours", "1"}, {"link", "x"}}), "link is given twice");
  EXPECT_EQ(refusal({{"", "x"}}), "a field's name is none");
  EXPECT_EQ(refusal({{std::string(101, '.'), "x"}}), "a field's name is none");
}

}  // namespace
}  // namespace api
