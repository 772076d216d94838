#include "notify/webhook_url.h"

#include "base/error.h"

#include <vector>

#include <gtest/gtest.h>

namespace notify {
namespace {

using base::Fault;

Fault fault_of(std::string_view url) {
  try {
    parse_webhook_url(url, {});
  } catch (base::Error const& error) {
    return error.fault();
  }
  return Fault::internal;
}

TEST(WebhookUrl, is_a_url_of_the_web) {
  EXPECT_EQ(parse_webhook_url("https://a.example:8443/b?c", {}).host, "a.example:8443");
  for (std::string_view const url : {"", "ftp://a.example/", "https://a:b@c.example/"})
    EXPECT_EQ(fault_of(url), Fault::bad_input) << url;
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
}  // namespace notify
