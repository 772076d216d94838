// A URL of the web that a user gives: "https://example.com:8443/path?query". Read strictly, as what
// it means must be the same here and wherever it is used. Pure.
#pragma once

#include "net/connect.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace net {

struct WebUrl {
  bool tls = true;
  Address address;
  std::string host;    // as the Host header has it: with the port where it is not the scheme's
  std::string target;  // path and query, as they stand in the URL
  bool operator==(WebUrl const&) const = default;
};

// Error{bad_input} for anything but http and https, for user names, fragments, what is not ASCII,
// and hosts that are neither names nor addresses. The message goes on where the field's name ends,
// and does not hold the URL: it may have a secret.
WebUrl parse_web_url(std::string_view url, std::size_t most_bytes);

}  // namespace net
