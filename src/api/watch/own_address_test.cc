#include "api/watch/own_address.h"

#include <gtest/gtest.h>

namespace api {
namespace {

std::vector<net::Network> const proxies{net::parse_network("127.0.0.0/8"),
                                        net::parse_network("10.0.0.0/8")};

OwnAddress called(std::string_view peer, std::vector<http::Field> const& lines, bool tls = false) {
  http::Headers headers;
  headers.add("Host", "inner:8080");
  for (http::Field const& line : lines) headers.add(line.name, line.value);
  return called_as(headers, peer, proxies, tls);
}

std::vector<http::Field> const all_three{{"X-Forwarded-Proto", "https"},
                                         {"X-Forwarded-Host", "zip.example.com"},
                                         {"X-Forwarded-Prefix", "/zips/"}};

TEST(OwnAddress, is_the_clients_host_unless_a_trusted_proxy_tells_another) {
  EXPECT_EQ(called("1.2.3.4:1", {}), (OwnAddress{"http", "inner:8080", ""}));
  EXPECT_EQ(called("1.2.3.4:1", {}, true), (OwnAddress{"https", "inner:8080", ""}));
  EXPECT_EQ(called("127.0.0.1:1", {}), (OwnAddress{"http", "inner:8080", ""}));
  EXPECT_EQ(called("127.0.0.1:1", all_three), (OwnAddress{"https", "zip.example.com", "/zips"}));
  EXPECT_EQ(called("1.2.3.4:1", all_three), (OwnAddress{"http", "inner:8080", ""}))
      << "anyone can write that";
  EXPECT_EQ(called("127.0.0.1:1", {{"x-forwarded-proto", "HTTPS"}}).scheme, "https");
  EXPECT_EQ(called("127.0.0.1:1", {{"X-Forwarded-Proto", "http"}}, true).scheme, "http");
}

TEST(OwnAddress, of_several_proxies_the_first_that_is_trusted_is_believed) {
  http::Field const two{"X-Forwarded-For", "5.6.7.8, 10.0.0.1"};
  EXPECT_EQ(called("127.0.0.1:1", {two, {"X-Forwarded-Proto", "https, http"}}).scheme, "https");
  EXPECT_EQ(called("127.0.0.1:1", {two, {"X-Forwarded-Proto", "https"}}).scheme, "https");
  EXPECT_EQ(called("127.0.0.1:1", {two, {"X-Forwarded-Host", "evil, a, b"}}).host, "a");
  EXPECT_EQ(
      called("127.0.0.1:1", {{"X-Forwarded-Host", "evil"}, {"X-Forwarded-Host", "zip.example.com"}})
          .host,
      "zip.example.com");
}

TEST(OwnAddress, what_can_be_no_part_of_a_link_is_passed_over) {
  for (char const* host : {"", "a b", "a/b", "a\"b", "u@host", "<x>"})
    EXPECT_EQ(called("127.0.0.1:1", {{"X-Forwarded-Host", host}}).host, "inner:8080") << host;
  for (char const* scheme : {"", "ftp", "javascript", "wss"})
    EXPECT_EQ(called("127.0.0.1:1", {{"X-Forwarded-Proto", scheme}}).scheme, "http") << scheme;
  for (char const* prefix :
       {"", "/", "zips", "//evil", "/a//b", "/a?b", "/a#b", "/a\"b", "/../a", "https://evil/"})
    EXPECT_EQ(called("127.0.0.1:1", {{"X-Forwarded-Prefix", prefix}}).prefix, "") << prefix;
  EXPECT_EQ(called("127.0.0.1:1", {{"X-Forwarded-Prefix", "/a/b_1.2~%20"}}).prefix, "/a/b_1.2~%20");
}

TEST(OwnAddress, a_base_url_is_taken_apart) {
  EXPECT_EQ(parse_base_url("https://zip.example.com"),
            (OwnAddress{"https", "zip.example.com", ""}));
  EXPECT_EQ(parse_base_url("HTTP://[::1]:80/a/b"), (OwnAddress{"http", "[::1]:80", "/a/b"}));
  EXPECT_EQ(parse_base_url("null").host, "");
  EXPECT_EQ(parse_base_url("").host, "");
}

TEST(OwnAddress, browsers_trust_https_and_their_own_machine) {
  for (char const* url : {"https://zip.example.com", "http://localhost:8080", "http://a.localhost",
                          "http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]:8080"})
    EXPECT_TRUE(is_trusted_by_browsers(parse_base_url(url))) << url;
  for (char const* url : {"http://zip.example.com", "http://192.0.2.7:8080", "http://[fd00::1]",
                          "http://localhost.example.com", "http://0.0.0.0", ""})
    EXPECT_FALSE(is_trusted_by_browsers(parse_base_url(url))) << url;
}

TEST(OwnAddress, a_hosts_name_is_without_port_and_case) {
  EXPECT_EQ(name_of("Zip.Example.com:8080"), "zip.example.com");
  EXPECT_EQ(name_of("localhost."), "localhost");
  EXPECT_EQ(name_of("[FE80::1]:80"), "fe80::1");
  EXPECT_EQ(name_of("[::1]"), "::1");
  EXPECT_EQ(name_of(""), "");
}

}  // namespace
}  // namespace api
