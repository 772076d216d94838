#include "api/watch/client_address.h"

#include <gtest/gtest.h>

namespace api {
namespace {

std::vector<net::Network> const proxies{
    net::parse_network("127.0.0.0/8"), net::parse_network("10.0.0.0/8"), net::parse_network("::1")};

http::Headers forwarded_for(std::vector<char const*> const& lines) {
  http::Headers headers;
  for (char const* const line : lines) headers.add("X-Forwarded-For", line);
  return headers;
}

std::string address(std::string_view peer, std::vector<char const*> const& forwarded = {}) {
  return client_address(peer, forwarded_for(forwarded), proxies).value_or("unknown");
}

TEST(ClientAddress, is_the_peer_where_that_is_no_proxy) {
  EXPECT_EQ(address("1.2.3.4:80"), "01020304");
  EXPECT_EQ(address("1.2.3.4:80", {"5.6.7.8"}), "01020304") << "anyone can write that";
  EXPECT_EQ(address("::ffff:1.2.3.4:80"), "01020304");
}

TEST(ClientAddress, is_not_known_where_a_trusted_proxy_does_not_tell_it) {
  EXPECT_EQ(address("127.0.0.1:80"), "unknown");
  EXPECT_EQ(address("::1:80"), "unknown");
  EXPECT_EQ(address("10.1.1.1:80", {""}), "unknown");
  EXPECT_EQ(address("127.0.0.1:80", {"5.6.7.8, unknown"}), "unknown");
  EXPECT_EQ(address("127.0.0.1:80", {"5.6.7.8, unknown, 10.0.0.1"}), "unknown");
}

TEST(TrustedHops, are_the_proxies_that_stand_one_behind_the_other) {
  auto const hops = [](std::string_view peer, std::vector<char const*> const& forwarded) {
    return trusted_hops(peer, forwarded_for(forwarded), proxies);
  };
  EXPECT_EQ(hops("1.2.3.4:80", {"10.0.0.1"}), 0U);
  EXPECT_EQ(hops("127.0.0.1:80", {}), 1U);
  EXPECT_EQ(hops("127.0.0.1:80", {"5.6.7.8"}), 1U);
  EXPECT_EQ(hops("127.0.0.1:80", {"10.0.0.3, 5.6.7.8, 10.0.0.1", "10.0.0.2"}), 3U);
  EXPECT_EQ(hops("127.0.0.1:80", {"5.6.7.8, unknown, 10.0.0.1"}), 2U);
}

TEST(ClientAddress, is_what_the_last_trusted_proxy_saw) {
  EXPECT_EQ(address("127.0.0.1:80", {"5.6.7.8"}), "05060708");
  EXPECT_EQ(address("127.0.0.1:80", {"9.9.9.9, 5.6.7.8 "}), "05060708") << "the first is made up";
  EXPECT_EQ(address("127.0.0.1:80", {"5.6.7.8, 10.0.0.1"}), "05060708");
  EXPECT_EQ(address("127.0.0.1:80", {"9.9.9.9", "5.6.7.8, 10.0.0.1", "10.0.0.2"}), "05060708");
  EXPECT_EQ(address("::1:80", {"5.6.7.8:4711"}), "05060708");
  EXPECT_EQ(address("127.0.0.1:80", {"10.0.0.1"}), "0a000001") << "all are proxies";
}

TEST(ClientAddress, of_ipv6_is_the_network) {
  EXPECT_EQ(address("2001:db8:1:2:3:4:5:6:80"), "20010db800010002");
  EXPECT_EQ(address("2001:db8:1:2:ffff::1:80"), "20010db800010002");
  EXPECT_EQ(address("127.0.0.1:80", {"[2001:db8:1:2::9]:443"}), "20010db800010002");
  EXPECT_EQ(address("127.0.0.1:80", {"2001:db8:1:3::9"}), "20010db800010003");
}

TEST(ComesFrom, looks_at_the_connection_only) {
  EXPECT_TRUE(comes_from("127.0.0.1:80", proxies));
  EXPECT_TRUE(comes_from("::ffff:10.1.2.3:80", proxies));
  EXPECT_TRUE(comes_from("::1:80", proxies));
  EXPECT_FALSE(comes_from("1.2.3.4:80", proxies));
  EXPECT_FALSE(comes_from("nonsense", proxies));
  EXPECT_FALSE(comes_from("127.0.0.1:80", {}));
}

TEST(ComesDirectlyFrom, is_false_for_what_a_proxy_has_passed_on) {
  EXPECT_TRUE(comes_directly_from("127.0.0.1:80", {}, proxies));
  EXPECT_FALSE(comes_directly_from("1.2.3.4:80", {}, proxies));
  for (char const* const name : {"X-Forwarded-For", "x-forwarded-proto", "Forwarded", "Via",
                                 "X-Real-IP", "CF-Connecting-IP"}) {
    http::Headers headers;
    headers.add(name, "127.0.0.1");
    EXPECT_FALSE(comes_directly_from("127.0.0.1:80", headers, proxies)) << name;
  }
}

}  // namespace
}  // namespace api
