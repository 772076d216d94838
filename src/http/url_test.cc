#include "http/url.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace http {
namespace {

WebUrl parse(std::string_view url) {
  return parse_web_url(url, 2000);
}

TEST(WebUrl, has_its_parts) {
  WebUrl const plain{false, {"a.example", 80}, "a.example", "/"};
  EXPECT_EQ(parse("http://A.example"), plain);
  EXPECT_EQ(parse("HTTP://a.example:80/"), plain);
  WebUrl const full{true, {"a.example", 8443}, "a.example:8443", "/x%20y/?b=c&d"};
  EXPECT_EQ(parse("https://a.example:8443/x%20y/?b=c&d"), full);
  WebUrl const query{true, {"a.example", 443}, "a.example", "/?q"};
  EXPECT_EQ(parse("https://a.example?q"), query);
  WebUrl const ip6{true, {"2606:4700::1111", 9}, "[2606:4700::1111]:9", "/"};
  EXPECT_EQ(parse("https://[2606:4700::1111]:9/"), ip6);
}

TEST(WebUrl, is_refused_where_it_is_none) {
  for (std::string_view const url : {"",
                                     "a.example",
                                     "ftp://a.example/",
                                     "https://",
                                     "https:///a",
                                     "https://a:b@c.example/",
                                     "https://c.example:0/",
                                     "https://c.example:65536/",
                                     "https://c.example:/",
                                     "https://c.example/#a",
                                     "https://c.example/a b",
                                     "https://c.example/a\r\nX: y",
                                     "https://\xC3\xA4.example/",
                                     "https://[::1/",
                                     "https://[a]/",
                                     "https://[2606::1]x/",
                                     "https://a!b/",
                                     "https://a..b/",
                                     "https://.a.example/",
                                     "https://-a.example/",
                                     "https://10.1/",
                                     "https://2130706433/",
                                     "https://0x7f.0.0.1/",
                                     "https://300.1.1.1/"}) {
    EXPECT_THROW(parse(url), base::Error) << url;
  }
  std::string const begin = "https://a.example/";
  EXPECT_NO_THROW(parse(begin + std::string(2000 - begin.size(), 'a')));
  EXPECT_THROW(parse(begin + std::string(2001 - begin.size(), 'a')), base::Error);
}

TEST(Url, has_a_scheme_of_those_that_are_allowed) {
  Url const mail = parse_url("SMTP://Mail.Example:587", {"smtps", "smtp"});
  EXPECT_EQ(mail.scheme, "smtp");
  EXPECT_EQ(mail.host, "mail.example");
  EXPECT_EQ(mail.port, 587);
  EXPECT_EQ(mail.target, "");
  EXPECT_EQ(authority(mail), "mail.example:587");
  EXPECT_EQ(authority(parse_url("smtps://[::1]", {"smtps"})), "[::1]");
}

std::string refusal(std::string_view url) {
  try {
    parse_url(url, {"https", "http"});
    return "";
  } catch (base::Error const& error) {
    return error.what();
  }
}

TEST(Url, is_refused_with_the_reason_and_without_itself) {
  EXPECT_EQ(refusal("ftp://a.example"), "must begin with https:// or http://");
  EXPECT_EQ(refusal("https://a:secret@b.example"), "must not hold a user name or password");
  EXPECT_EQ(refusal("https://a.example#b"), "must not have a fragment (#)");
  EXPECT_EQ(refusal("https://a.example:99999"), "has no valid port");
  EXPECT_EQ(refusal("https://a b/"), "has no valid host name");
  EXPECT_EQ(refusal("https://["), "has no valid IPv6 address in its brackets");
}

}  // namespace
}  // namespace http
