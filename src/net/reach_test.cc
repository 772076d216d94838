#include "net/reach.h"

#include "base/error.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace net {
namespace {

IpAddress ip(std::string_view text) {
  auto const address = parse_ip(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress{});
}

TEST(Reach, the_first_and_last_address_of_what_is_not_public) {
  for (char const* text : {"0.0.0.0",
                           "0.255.255.255",
                           "10.0.0.0",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.0",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.0.0",
                           "169.254.169.254",
                           "169.254.255.255",
                           "172.16.0.0",
                           "172.31.255.255",
                           "192.0.0.0",
                           "192.0.0.255",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.0",
                           "192.168.255.255",
                           "198.18.0.0",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.0",
                           "239.255.255.255",
                           "240.0.0.0",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::2",
                           "::7f00:1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "::ffff:0:127.0.0.1",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a9fe:a9fe",
                           "64:ff9b:1::1",
                           "100::1",
                           "100:0:0:1::1",
                           "5f00::1",
                           "1fff:ffff::",
                           "2001::1",
                           "2001:1ff:ffff::",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "2002:808:808::1",
                           "3fff::1",
                           "4000::",
                           "fc00::",
                           "fdff:ffff::1",
                           "fd00:ec2::254",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "ffff::"})
    EXPECT_FALSE(is_public(ip(text))) << text;
}

TEST(Reach, what_clouds_keep_for_their_own_machines_is_not_public) {
  for (char const* text : {"168.63.129.16",    // Azure's wire server
                           "100.100.100.200",  // Alibaba
                           "169.254.170.2",    // credentials of AWS's containers
                           "169.254.42.42",    // Scaleway
                           "192.0.0.192",      // Oracle
                           "192.80.8.124",     // Packet
                           "fd00:ec2::254",    // AWS
                           "fd00:ec2::23",     // AWS
                           "fd20:ce::254",     // Google
                           "fe80::a9fe:a9fe",  // OpenStack
                           "::ffff:168.63.129.16", "64:ff9b::168.63.129.16",
                           "2002:a83f:8110::", "::168.63.129.16", "64:ff9b::192.80.8.124"})
    EXPECT_FALSE(is_public(ip(text))) << text;
  for (char const* text : {"168.63.129.15", "168.63.129.17", "168.63.128.16", "192.80.8.123",
                           "192.80.8.125", "64:ff9b::168.63.129.17"})
    EXPECT_TRUE(is_public(ip(text))) << text;
}

TEST(Reach, their_neighbours_are_public) {
  for (char const* text :
       {"1.0.0.0",         "8.8.8.8",        "9.255.255.255",   "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",    "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0",    "172.15.255.255",  "172.32.0.0",
        "191.255.255.255", "192.0.1.0",      "192.0.3.0",       "192.167.255.255",
        "192.169.0.0",     "198.17.255.255", "198.20.0.0",      "223.255.255.255",
        "2000::",          "2001:200::1",    "2001:dc8::1",     "2003::1",
        "2600:1f18::1",    "3ffe::1",        "::ffff:8.8.8.8",  "64:ff9b::808:808"})
    EXPECT_TRUE(is_public(ip(text))) << text;
}

TEST(Reach, only_canonical_addresses_are_addresses) {
  for (char const* text : {"", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1",
                           "127.0.0.1.", " 127.0.0.1", "127.0.0.1:80", "[::1]", "fe80::1%1",
                           "fe80::1%eth0", "1.2.3.256", "::1::", "s3.amazonaws.com"})
    EXPECT_EQ(parse_ip(text), std::nullopt) << text;
  EXPECT_EQ(ip("10.0.0.1"), ip("::ffff:10.0.0.1"));
}

bool is_in(char const* network, char const* address) {
  std::vector<Network> const networks{parse_network(network)};
  return contains(networks, ip(address));
}

TEST(Reach, networks_hold_what_their_prefix_says) {
  EXPECT_TRUE(is_in("10.0.0.0/8", "10.255.0.1"));
  EXPECT_TRUE(is_in("10.0.0.0/8", "::ffff:10.255.0.1"));
  EXPECT_FALSE(is_in("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(is_in("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(is_in("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(is_in("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(is_in("0.0.0.0/0", "fd00::1"));
  EXPECT_TRUE(is_in("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(is_in("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(is_in("fd00::/8", "fdff::1"));
  EXPECT_FALSE(is_in("fd00::/8", "fc00::1"));
  EXPECT_TRUE(is_in("::1", "::1"));
  EXPECT_FALSE(contains({}, ip("127.0.0.1")));
}

TEST(Reach, what_is_no_network_is_refused_by_name) {
  for (std::string const text :
       {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.1.2.3/8", "/8", "10/8",
        "localhost", "fd00::/129", "fd00::1/8", "any"}) {
    try {
      parse_network(text);
      ADD_FAILURE() << text << " was taken";
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::bad_input);
      EXPECT_NE(std::string(error.what()).find('"' + text + '"'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace net
