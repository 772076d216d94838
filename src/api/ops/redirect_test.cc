#include "api/ops/redirect.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace api {
namespace {

std::string url(std::string host, std::string_view public_url, std::uint16_t port) {
  http::Request request{"GET", "/stream/a%20b?c", {}};
  if (!host.empty()) request.headers.add("Host", std::move(host));
  return https_url(request, public_url, port);
}

TEST(Redirect, goes_to_the_public_address_or_the_same_host) {
  EXPECT_EQ(url("zip.example.com", "", 443), "https://zip.example.com/stream/a%20b?c");
  EXPECT_EQ(url("zip.example.com:80", "", 443), "https://zip.example.com/stream/a%20b?c");
  EXPECT_EQ(url("zip.example.com:8080", "", 8443), "https://zip.example.com:8443/stream/a%20b?c");
  EXPECT_EQ(url("[::1]:80", "", 443), "https://[::1]/stream/a%20b?c");
  EXPECT_EQ(url("[fd00::1]", "", 8443), "https://[fd00::1]:8443/stream/a%20b?c");
  EXPECT_EQ(url("10.0.0.1", "https://zip.example.com/z", 8443),
            "https://zip.example.com/z/stream/a%20b?c");
  EXPECT_EQ(url("10.0.0.1", "http://zip.example.com", 8443),
            "https://10.0.0.1:8443/stream/a%20b?c");
  EXPECT_THROW(url("", "", 443), base::Error);
  EXPECT_EQ(url("", "https://zip.example.com", 443), "https://zip.example.com/stream/a%20b?c");
}

}  // namespace
}  // namespace api
