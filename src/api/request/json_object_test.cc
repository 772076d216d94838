#include "api/request/json_object.h"

#include "base/error.h"
#include "base/json.h"

#include <functional>

#include <gtest/gtest.h>

namespace api {
namespace {

// The error when the text is read like this; empty if it is taken.
std::string complaint(std::string_view text, std::function<void(JsonObject const&)> const& read) {
  boost::json::value const value = base::parse_json(text, "the body");
  try {
    JsonObject const object(value.get_object(), "");
    read(object);
    object.check_all_known();
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::bad_input);
    return std::string(error.message());
  }
  return "";
}

TEST(JsonObject, reads_each_kind_of_field_and_takes_null_as_absent) {
  boost::json::value const value = base::parse_json(
      R"({"text": "a", "flag": true, "number": 7, "whole": 24.0, "choice": "two", "list": ["x", "y"],
          "object": {"inner": "b"}, "null": null})",
      "the body");
  JsonObject const object(value.get_object(), "");
  EXPECT_EQ(object.text("text"), "a");
  EXPECT_TRUE(object.flag("flag", false));
  EXPECT_EQ(object.number("number", 1, 7), 7U);
  EXPECT_EQ(object.number("whole", 1, 24), 24U);
  EXPECT_EQ(object.choice("choice", {"one", "two"}), 1U);
  EXPECT_EQ(object.texts("list"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(object.object("object")->text("inner"), "b");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(object.text_fields("object"), (Pairs{{"inner", "b"}}));
  EXPECT_FALSE(object.has("null"));
  EXPECT_TRUE(object.has("text"));
  EXPECT_EQ(object.text("absent"), "");
  EXPECT_TRUE(object.flag("absent", true));
  EXPECT_EQ(object.number("absent", 1, 2), std::nullopt);
  EXPECT_EQ(object.choice("absent", {"one", "two"}), 0U);
  EXPECT_FALSE(object.object("absent"));
  EXPECT_NO_THROW(object.check_all_known());
}

TEST(JsonObject, names_the_field_that_is_wrong_by_its_path) {
  using Read = std::function<void(JsonObject const&)>;
  struct Case {
    std::string_view text;
    Read read;
    std::string_view said;
  };
  Read const text = [](JsonObject const& body) { body.text("a"); };
  Read const number = [](JsonObject const& body) { body.number("a", 1, 9); };
  Read const items = [](JsonObject const& body) {
    for (JsonItem const& item : body.items("a")) item.object().text("b");
  };
  Case const cases[] = {
      {R"({"a": 1})", text, "a must be a text"},
      {R"({"a": "x"})", number, "a must be a whole number from 1 to 9"},
      {R"({"a": 0})", number, "a must be a whole number from 1 to 9"},
      {R"({"a": 10})", number, "a must be a whole number from 1 to 9"},
      {R"({"a": 1.5})", number, "a must be a whole number from 1 to 9"},
      {R"({"a": -1})", number, "a must be a whole number from 1 to 9"},
      {R"({"a": "yes"})", [](JsonObject const& body) { body.flag("a", true); },
       "a must be true or false"},
      {R"({"a": "c"})", [](JsonObject const& body) { body.choice("a", {"x", "y"}); },
       "a must be one of: x, y"},
      {R"({"a": {}})", items, "a must be a list"},
      {R"({"a": [{}, 3]})", items, "a[1] must be an object"},
      {R"({"a": [{"b": []}]})", items, "a[0].b must be a text"},
      {R"({"a": ["x", ""]})", [](JsonObject const& body) { body.texts("a"); },
       "a[1] must not be empty"},
      {R"({"a": {"b": 1}})", [](JsonObject const& body) { body.text_fields("a"); },
       "a.b must be a text"},
      {R"({"a": "x", "b": 1})", text, "the body has no field \"b\""},
      {R"({"a": {"c": 1}})", [](JsonObject const& body) { body.object("a")->check_all_known(); },
       "a has no field \"c\""},
  };
  for (Case const& one : cases) EXPECT_EQ(complaint(one.text, one.read), one.said) << one.text;
}

}  // namespace
}  // namespace api
