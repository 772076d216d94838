#include "jobs/webhook_url.h"

#include "base/error.h"

#include <vector>

#include <gtest/gtest.h>

namespace jobs {
namespace {

using base::Fault;

WebhookUrl parse(std::string_view url) {
  return parse_webhook_url(url, {});
}

Fault fault_of(std::string_view url) {
  try {
    parse(url);
  } catch (base::Error const& error) {
    return error.fault();
  }
  return Fault::internal;
}

TEST(WebhookUrl, has_its_parts) {
  WebhookUrl const plain{false, {"a.example", 80}, "a.example", "/"};
  EXPECT_EQ(parse("http://A.example"), plain);
  EXPECT_EQ(parse("HTTP://a.example:80/"), plain);
  WebhookUrl const full{true, {"a.example", 8443}, "a.example:8443", "/x%20y/?b=c&d"};
  EXPECT_EQ(parse("https://a.example:8443/x%20y/?b=c&d"), full);
  WebhookUrl const query{true, {"a.example", 443}, "a.example", "/?q"};
  EXPECT_EQ(parse("https://a.example?q"), query);
  WebhookUrl const ip6{true, {"2606:4700::1111", 9}, "[2606:4700::1111]:9", "/"};
  EXPECT_EQ(parse("https://[2606:4700::1111]:9/"), ip6);
}

TEST(WebhookUrl, is_refused_where_it_is_none) {
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
    EXPECT_EQ(fault_of(url), Fault::bad_input) << url;
  }
  EXPECT_EQ(fault_of("https://a.example/" + std::string(3000, 'a')), Fault::bad_input);
}

TEST(WebhookUrl, does_not_lead_inside_unless_the_network_is_allowed) {
  for (std::string_view const url :
       {"http://127.0.0.1/", "http://10.1.2.3:80/", "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/", "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/",
        "http://LOCALHOST:9/", "http://a.localhost/", "http://localhost./"}) {
    EXPECT_EQ(fault_of(url), Fault::forbidden) << url;
  }
  std::vector<net::Network> const loopback{net::parse_network("127.0.0.0/8")};
  EXPECT_EQ(parse_webhook_url("http://127.0.0.1:81/", loopback).address.port, 81);
  EXPECT_EQ(parse_webhook_url("http://localhost/", loopback).host, "localhost");
  EXPECT_THROW(parse_webhook_url("http://10.1.2.3/", loopback), base::Error);
}

}  // namespace
}  // namespace jobs
