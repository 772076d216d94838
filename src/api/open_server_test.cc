#include "api/open_server.h"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(OpenServer, addresses_localhost_and_the_public_host_are_its_names) {
  for (char const* host :
       {"127.0.0.1", "127.0.0.1:8080", "192.168.1.5", "[::1]:8080", "localhost", "LOCALHOST:80",
        "localhost.", "zip.localhost:1", "zip.example.com", "Zip.Example.com:8080"})
    EXPECT_TRUE(is_own_name(host, "https://zip.example.com/zips")) << host;
  for (char const* host : {"", "evil.example.com", "example.com", "zip.example.com.evil.com",
                           "127.0.0.1.evil.com", "evil-localhost", "localhost.evil.com", "127.1",
                           "2130706433", "0x7f.0.0.1", ":80", "[]", "[evil]", "[::1%eth0]"})
    EXPECT_FALSE(is_own_name(host, "https://zip.example.com/zips")) << host;
  EXPECT_FALSE(is_own_name("zip.example.com", ""));
  EXPECT_FALSE(is_own_name("", ""));
}

bool of_other(std::vector<http::Field> const& lines) {
  http::Headers headers;
  for (http::Field const& line : lines) headers.add(line.name, line.value);
  return is_of_other_page(headers, {.scheme = "http", .host = "127.0.0.1:8080", .prefix = ""});
}

TEST(OpenServer, browsers_tell_which_page_calls) {
  EXPECT_FALSE(of_other({})) << "no browser";
  for (char const* site : {"none", "same-origin"})
    EXPECT_FALSE(of_other({{"Sec-Fetch-Site", site}})) << site;
  for (char const* site : {"cross-site", "same-site", "", "None, cross-site", "anything"})
    EXPECT_TRUE(of_other({{"Sec-Fetch-Site", site}})) << site;
  EXPECT_FALSE(of_other({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://zip.example.com"}}))
      << "a proxy has changed the host";
  EXPECT_TRUE(of_other({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://127.0.0.1:8080"}}));
}

TEST(OpenServer, older_browsers_tell_the_origin) {
  for (char const* origin : {"http://127.0.0.1:8080", "https://127.0.0.1:8080"})
    EXPECT_FALSE(of_other({{"Origin", origin}})) << origin;
  for (char const* origin : {"https://evil.example.com", "http://127.0.0.1", "http://127.0.0.1:80",
                             "null", "", "ftp://127.0.0.1:8080", "http://127.0.0.1:8080.evil.com"})
    EXPECT_TRUE(of_other({{"Origin", origin}})) << origin;
}

}  // namespace
}  // namespace api
