// Fields out of every kind of body that clients send.
#include "api/request/fields.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace api {
namespace {

using base::Error;
using base::Fault;
using Texts = std::vector<std::string>;

constexpr std::string_view form = "application/x-www-form-urlencoded";
constexpr std::string_view json = "application/json";

Fields of_form(std::string_view body) {
  return Fields::parse(form, body);
}
Fields of_json(std::string_view body) {
  return Fields::parse(json, body);
}

// The fault, and the message behind it.
template <class F>
std::pair<Fault, std::string> error_of(F call) {
  try {
    call();
  } catch (Error const& error) {
    return {error.fault(), error.what()};
  }
  return {Fault::internal, "no error"};
}

TEST(Fields, the_same_fields_come_from_each_kind_of_body) {
  constexpr std::string_view multipart =
      "--line\r\nContent-Disposition: form-data; name=\"awsBucket\"\r\n\r\nphotos\r\n"
      "--line\r\nContent-Disposition: form-data; name=\"filePaths\"\r\n\r\na b.txt\r\n"
      "--line\r\nContent-Disposition: form-data; name=\"filePaths\"\r\n\r\nd/\xC3\xA4.txt\r\n"
      "--line--\r\n";
  for (Fields const& fields :
       {of_form("awsBucket=photos&filePaths=a+b.txt&filePaths=d%2F%C3%A4.txt"),
        Fields::parse("multipart/form-data; boundary=line", multipart),
        of_json(R"({"awsBucket": "photos", "filePaths": ["a b.txt", "d/\u00e4.txt"]})")}) {
    EXPECT_EQ(fields.text("awsBucket"), "photos");
    EXPECT_EQ(fields.list("filePaths"), (Texts{"a b.txt", "d/\xC3\xA4.txt"}));
    EXPECT_EQ(fields.text("absent"), "");
    EXPECT_EQ(fields.list("absent"), Texts{});
  }
}

TEST(Fields, a_content_type_may_carry_parameters_and_any_case) {
  EXPECT_EQ(Fields::parse("Application/JSON; charset=utf-8", R"({"a": "b"})").text("a"), "b");
  EXPECT_EQ(Fields::parse("application/x-www-form-urlencoded;charset=UTF-8", "a=b").text("a"), "b");
}

TEST(Fields, other_kinds_of_bodies_are_not_taken) {
  for (char const* type : {"", "text/plain", "application/xml", "application/jsonx"}) {
    auto const [fault, message] = error_of([&] { Fields::parse(type, "{}"); });
    EXPECT_EQ(fault, Fault::unsupported_media_type) << type;
    EXPECT_NE(message.find("Content-Type"), std::string::npos);
  }
}

TEST(Fields, names_match_without_regard_to_case) {
  EXPECT_EQ(of_form("AWSBUCKET=a").text("awsBucket"), "a");
  EXPECT_EQ(of_json(R"({"awsbucket": "a"})").text("awsBucket"), "a");
  EXPECT_EQ(of_form("awsBucket=a").text("AwsBucket"), "a");
}

TEST(Fields, lists_come_repeated_with_brackets_and_numbered) {
  for (char const* body : {"filePaths=a&filePaths=b", "filePaths%5B%5D=a&filePaths%5B%5D=b",
                           "filePaths[0]=a&filePaths[1]=b", "filePaths=a&FilePaths[]=b",
                           "filePaths=a&filePaths=&filePaths=b"})
    EXPECT_EQ(of_form(body).list("filePaths"), (Texts{"a", "b"})) << body;
  EXPECT_EQ(of_json(R"({"filePaths": "alone"})").list("filePaths"), Texts{"alone"});
  EXPECT_EQ(of_json(R"({"filePaths": [1, true, "", "a"]})").list("filePaths"),
            (Texts{"1", "true", "a"}));
  EXPECT_EQ(of_json(R"({"filePaths": null})").list("filePaths"), Texts{});
}

TEST(Fields, flags_come_as_texts_numbers_and_booleans) {
  struct Case {
    char const* value;
    bool flag;
  };
  for (Case const& one :
       {Case{"true", true}, Case{"\"true\"", true}, Case{"\"TRUE\"", true}, Case{"1", true},
        Case{"\"1\"", true}, Case{"\" yes \"", true}, Case{"\"on\"", true}, Case{"false", false},
        Case{"\"False\"", false}, Case{"0", false}, Case{"\"0\"", false}, Case{"\"no\"", false},
        Case{"\"off\"", false}}) {
    Fields const fields = of_json(std::string(R"({"flag": )") + one.value + "}");
    EXPECT_EQ(fields.flag("flag", !one.flag), one.flag) << one.value;
  }
  for (char const* absent : {"{}", R"({"flag": null})", R"({"flag": ""})", R"({"flag": []})"}) {
    EXPECT_TRUE(of_json(absent).flag("flag", true)) << absent;
    EXPECT_FALSE(of_json(absent).flag("flag", false)) << absent;
  }
  auto const [fault, message] = error_of([] { of_form("flag=maybe").flag("flag", true); });
  EXPECT_EQ(fault, Fault::bad_input);
  EXPECT_EQ(message, "flag must be true or false");
}

TEST(Fields, numbers_come_as_texts_and_numbers) {
  for (char const* value : {"24", "\"24\"", "\" 24 \"", "24.0", "\"24.0\"", "2.4e1"}) {
    Fields const fields = of_json(std::string(R"({"n": )") + value + "}");
    EXPECT_EQ(fields.count("n"), 24U) << value;
    EXPECT_EQ(fields.number("n"), 24.0) << value;
  }
  EXPECT_EQ(of_json(R"({"n": true})").count("n"), 1U);
  EXPECT_EQ(of_json(R"({"n": false})").number("n"), 0.0);
  EXPECT_EQ(of_form("n=-1.5").number("n"), -1.5);
  EXPECT_EQ(of_form("n=18446744073709551615").count("n"), UINT64_MAX);
  EXPECT_EQ(of_form("n=99999999999999999999999").count("n"), UINT64_MAX);
  for (char const* body : {"n=", "", "n=+"}) {
    EXPECT_EQ(of_form(body).count("n"), std::nullopt) << body;
    EXPECT_EQ(of_form(body).number("n"), std::nullopt) << body;
  }
  for (char const* body : {"n=1.5", "n=-1", "n=ten", "n=%2B1", "n=0x10"}) {
    auto const [fault, message] = error_of([&] { of_form(body).count("n"); });
    EXPECT_EQ(fault, Fault::bad_input) << body;
    EXPECT_EQ(message, "n must be a whole number") << body;
  }
  EXPECT_EQ(error_of([] { of_form("n=ten").number("n"); }).second, "n must be a number");
}

TEST(Fields, a_value_of_a_wrong_type_is_named) {
  for (char const* body : {R"({"filePaths": {"a": "b"}})", R"({"filePaths": [["a"]]})",
                           R"({"filePaths": ["a", {"b": 1}]})"}) {
    auto const [fault, message] = error_of([&] { of_json(body).list("filePaths"); });
    EXPECT_EQ(fault, Fault::bad_input) << body;
    EXPECT_EQ(message, "filePaths must be a text or a list of texts") << body;
  }
  auto const [fault, message] = error_of([] { of_form("zipTo=a&zipTo=b").text("zipTo"); });
  EXPECT_EQ(fault, Fault::bad_input);
  EXPECT_EQ(message, "zipTo must be given once");
  EXPECT_NO_THROW(of_json(R"({"unknown": {"deep": []}, "a": "b"})").text("a"))
      << "unknown fields are ignored, whatever they hold";
}

TEST(Fields, texts_are_utf8) {
  EXPECT_EQ(of_form("a=%C3%A4").text("a"), "\xC3\xA4");
  for (char const* body : {"a=%FF", "a=%C3", "a=%ED%A0%80", "a=\xE4"}) {
    auto const [fault, message] = error_of([&] { of_form(body).text("a"); });
    EXPECT_EQ(fault, Fault::bad_input) << body;
    EXPECT_EQ(message, "a is no UTF-8 text") << body;
  }
  EXPECT_EQ(error_of([] { of_json("{\"a\": \"\xFF\"}"); }).first, Fault::bad_input);
}

TEST(Fields, a_body_that_is_not_what_it_says_is_bad_input) {
  std::string const deep = std::string(R"({"a": )") + std::string(5000, '[');
  for (std::string const& body : {std::string("{"), std::string("[]"), std::string("\"text\""),
                                  std::string(""), std::string("{} trailing"), deep}) {
    EXPECT_EQ(error_of([&] { of_json(body); }).first, Fault::bad_input) << body.substr(0, 40);
  }
  EXPECT_EQ(error_of([] { of_form("a=%zz"); }).first, Fault::bad_input);
  EXPECT_EQ(error_of([] { Fields::parse("multipart/form-data", "x"); }).first, Fault::bad_input);
}

}  // namespace
}  // namespace api
