// The one reader of URLs: "scheme://host:port/path?query". Strict, so that a URL means the same
// here and in any other program. Pure.
#pragma once

#include "net/connect.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace http {

struct Url {
  std::string scheme;  // lower case
  std::string host;    // lower case: a name or an IP address, IPv6 without brackets
  std::optional<std::uint16_t> port;
  std::string target;  // path and query, as they stand in the URL; may be empty
};

// Error{bad_input} for a scheme that is not in `schemes`, for user names, fragments, ports beyond 1
// to 65535, and hosts that are neither names nor addresses. The message continues the name of the
// field that holds the URL, and does not hold the URL: it may have a secret.
Url parse_url(std::string_view url, std::initializer_list<std::string_view> schemes);

// The Host header's form: "example.com", "example.com:8443", "[::1]:80".
std::string authority(Url const& url);

// A URL of the web that a user gives.
struct WebUrl {
  bool tls = true;
  net::Address address;
  std::string host;    // the Host header's form: with the port unless it is the scheme's
  std::string target;  // path and query, as they stand in the URL; begins with '/'
  bool operator==(WebUrl const&) const = default;
};

// Like parse_url(), for https and http. Also refuses spaces, control characters and non-ASCII
// characters.
WebUrl parse_web_url(std::string_view url, std::size_t most_bytes);

}  // namespace http
