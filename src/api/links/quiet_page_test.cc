#include "api/links/quiet_page.h"

#include <gtest/gtest.h>

namespace api {
namespace {

constexpr char const* browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

http::Request request(std::string method, std::string target, std::string accept,
                      std::string type = {}, bool with_token = false) {
  http::Request made{std::move(method), std::move(target), {}};
  if (!accept.empty()) made.headers.add("Accept", std::move(accept));
  if (!type.empty()) made.headers.add("Content-Type", std::move(type));
  if (with_token) made.headers.add("Authorization", "Bearer x");
  return made;
}

TEST(QuietPage, who_follows_a_link_gets_general_words) {
  for (char const* path : {"/stream/a/b/c.zip", "/stream/", "/z/k/bucket/a.zip?prefix=x"}) {
    for (char const* accept : {browser, "", "*/*", "text/html", "text/html, application/json"})
      EXPECT_EQ(telling_of(request("GET", path, accept)), Telling::as_page) << path << accept;
    for (char const* accept : {"application/json", "application/json, */*",
                               "application/problem+json", "application/json, text/html;q=0.1"})
      EXPECT_EQ(telling_of(request("GET", path, accept)), Telling::as_words) << path << accept;
    // A link answers with a page, whatever is sent to it.
    EXPECT_EQ(telling_of(request("POST", path, browser)), Telling::as_page);
    EXPECT_EQ(telling_of(request("GET", path, "", "", true)), Telling::as_page);
  }
}

TEST(QuietPage, forms_of_pages_get_them_and_programs_hear_the_cause) {
  struct Case {
    char const* accept;
    char const* type;
    bool with_token;
    Telling telling;
  };
  char const* const form = "application/x-www-form-urlencoded";
  char const* const multipart = "multipart/form-data; boundary=x";
  for (Case const& one :
       {Case{browser, form, false, Telling::as_page},
        Case{browser, multipart, false, Telling::as_page},
        Case{browser, form, true, Telling::as_page},
        Case{"application/json", form, false, Telling::as_words},
        Case{"application/json", form, true, Telling::in_full},
        Case{"", form, false, Telling::in_full}, Case{"*/*", multipart, true, Telling::in_full},
        Case{browser, "application/json", false, Telling::in_full}}) {
    for (char const* path : {"/api/streams?download=1", "/api/streams/?download=1"})
      EXPECT_EQ(telling_of(request("POST", path, one.accept, one.type, one.with_token)),
                one.telling)
          << one.accept << " " << one.type << one.with_token;
  }
  EXPECT_EQ(telling_of(request("GET", "/api/streams", browser)), Telling::in_full);
  EXPECT_EQ(telling_of(request("POST", "/gentoken", browser, form)), Telling::in_full);
  EXPECT_EQ(telling_of(request("GET", "/streams", browser)), Telling::in_full);
}

TEST(QuietPage, it_tells_the_request_and_that_there_is_nothing) {
  http::Response head;
  head.status = 404;
  std::string const page = quiet_body(Telling::as_page, "id-1", head);
  EXPECT_EQ(head.headers.get("content-type"), "text/html; charset=utf-8");
  EXPECT_NE(page.find("<code>id-1</code>"), std::string::npos);
  EXPECT_NE(page.find(general_words(404)), std::string::npos);
  http::Response other;
  other.status = 410;
  EXPECT_EQ(quiet_body(Telling::as_words, "id-2", other),
            R"({"message":"This link has ended. Ask for a new one.","requestId":"id-2"})");
  EXPECT_EQ(other.headers.get("content-type"), "application/json");
}

TEST(QuietPage, every_status_has_words) {
  for (int status = 400; status < 600; ++status) EXPECT_FALSE(general_words(status).empty());
}

}  // namespace
}  // namespace api
