#include "http/web_url.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace net {
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

}  // namespace
}  // namespace net
