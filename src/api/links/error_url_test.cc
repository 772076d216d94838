#include "api/links/error_url.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(ErrorUrl, is_a_url_of_the_web_of_2000_bytes_at_most) {
  for (std::string const url :
       {"https://shop.example", "http://shop.example:8080/sorry?lang=en&a", "https://[::1]/"})
    EXPECT_EQ(checked_error_url(url), url);
  std::string const begin = "https://shop.example/";
  EXPECT_NO_THROW(checked_error_url(begin + std::string(2000 - begin.size(), 'a')));
  for (std::string const& url :
       {std::string(), std::string("shop.example/sorry"), std::string("/sorry"),
        std::string("//shop.example"), std::string("javascript:alert(1)"),
        std::string("ftp://shop.example/"), std::string("https://me:secret@shop.example/"),
        std::string("https://me@shop.example/"), std::string("https://shop.example/#top"),
        std::string("https://shop.example/a b"), std::string("https://shop.example/\r\nX: y"),
        std::string("https://shop.example/\0", 22), std::string("https://shop.example/\x7F"),
        std::string("https:///sorry"), std::string("https://shop.example:0/"),
        begin + std::string(2001 - begin.size(), 'a')}) {
    try {
      checked_error_url(url);
      ADD_FAILURE() << url;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::bad_input);
      EXPECT_TRUE(error.message().starts_with("errorUrl ")) << error.what();
    }
  }
}

TEST(ErrorUrl, is_told_the_status_and_the_request_beside_its_own_query) {
  EXPECT_EQ(error_url_for("https://a.example", 404, "ab12"),
            "https://a.example?status=404&requestId=ab12");
  EXPECT_EQ(error_url_for("https://a.example/b?c=d", 410, "ab12"),
            "https://a.example/b?c=d&status=410&requestId=ab12");
  EXPECT_EQ(error_url_for("https://a.example/?", 409, "x"),
            "https://a.example/?status=409&requestId=x");
  EXPECT_EQ(error_url_for("https://a.example/?c&", 409, "x"),
            "https://a.example/?c&status=409&requestId=x");
  EXPECT_EQ(error_url_for("https://a.example/", 503, "a+b=c/d@e"),
            "https://a.example/?status=503&requestId=a%2Bb%3Dc%2Fd%40e");
}

http::Request following(http::Headers headers) {
  return {.method = "GET", .target = "/stream/id/signature/a.zip", .headers = std::move(headers)};
}

bool is_sent_on(std::string const& name, std::string const& value) {
  http::Headers headers;
  headers.add(name, value);
  return may_be_sent_on(following(std::move(headers)));
}

TEST(ErrorUrl, is_for_people) {
  EXPECT_TRUE(may_be_sent_on(following({})));
  EXPECT_TRUE(is_sent_on("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
  EXPECT_TRUE(is_sent_on("Sec-Fetch-Mode", "navigate"));
  EXPECT_FALSE(is_sent_on("Sec-Fetch-Mode", "cors"));
  EXPECT_FALSE(is_sent_on("Accept", "application/json"));
  EXPECT_FALSE(is_sent_on("Range", "bytes=100-"));
}

}  // namespace
}  // namespace api
