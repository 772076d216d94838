#include "http/cors.h"

#include <gtest/gtest.h>

namespace http {
namespace {

using Origins = std::vector<std::string>;
Origins const ours{"https://www.example.com", "http://localhost:3000"};

http::Request request(std::string method, std::string origin, bool asks = false) {
  http::Request made{std::move(method), "/v2/zipstart", {}};
  if (!origin.empty()) made.headers.add("Origin", std::move(origin));
  if (asks) made.headers.add("Access-Control-Request-Method", "POST");
  return made;
}

std::string_view allowed(Origins const& origins, http::Request const& asked, http::Headers& lines) {
  lines = cors_headers(origins, asked);
  return lines.get("Access-Control-Allow-Origin");
}

TEST(Cors, origins_of_the_list_are_allowed_by_name) {
  http::Headers lines;
  EXPECT_EQ(allowed(ours, request("POST", "http://localhost:3000"), lines),
            "http://localhost:3000");
  EXPECT_EQ(lines.get("Vary"), "Origin");
  EXPECT_NE(lines.get("Access-Control-Expose-Headers").find("Content-Range"), std::string::npos);
  EXPECT_FALSE(lines.find("Access-Control-Allow-Methods"));
  for (char const* other : {"https://www.example.com.evil.org", "http://www.example.com",
                            "https://example.com", "http://localhost", "null", "*"}) {
    EXPECT_EQ(allowed(ours, request("POST", other), lines), "") << other;
    EXPECT_EQ(lines.get("Vary"), "Origin");
    EXPECT_EQ(lines.size(), 1U);
  }
}

TEST(Cors, any_origin_is_told_so) {
  http::Headers lines;
  EXPECT_EQ(allowed({"*"}, request("GET", "null"), lines), "*");
  EXPECT_FALSE(lines.find("Vary"));
}

TEST(Cors, no_origins_and_no_origin) {
  EXPECT_EQ(cors_headers(Origins{}, request("POST", "https://www.example.com")).size(), 0U);
  http::Headers const lines = cors_headers(ours, request("POST", ""));
  EXPECT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.get("Vary"), "Origin");
}

TEST(Cors, preflights_are_told_what_may_be_sent) {
  EXPECT_TRUE(is_preflight(request("OPTIONS", "https://www.example.com", true)));
  EXPECT_FALSE(is_preflight(request("OPTIONS", "https://www.example.com")));
  EXPECT_FALSE(is_preflight(request("OPTIONS", "", true)));
  EXPECT_FALSE(is_preflight(request("POST", "https://www.example.com", true)));
  http::Headers lines;
  EXPECT_NE(allowed(ours, request("OPTIONS", "https://www.example.com", true), lines), "");
  EXPECT_NE(lines.get("Access-Control-Allow-Methods").find("POST"), std::string::npos);
  EXPECT_NE(lines.get("Access-Control-Allow-Headers").find("Authorization"), std::string::npos);
  EXPECT_EQ(lines.get("Access-Control-Max-Age"), "7200");
  EXPECT_EQ(allowed(ours, request("OPTIONS", "https://evil.org", true), lines), "");
}

}  // namespace
}  // namespace http
