#include "http/request_rules.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>

namespace http {
namespace {

[[noreturn]] void refuse(std::string const& why) {
  throw base::Error(base::Fault::bad_input, why);
}

std::ptrdiff_t count(Headers const& headers, std::string_view name) {
  return std::count_if(headers.begin(), headers.end(), [&](Field const& line) {
    return base::equals_ignoring_case(line.name, name);
  });
}

void check_host(Headers const& headers, bool is_http_1_0) {
  std::ptrdiff_t const hosts = count(headers, "host");
  if (hosts > 1 || (hosts == 0 && !is_http_1_0)) refuse("the request must have one Host header");
  if (!is_host(base::trim(headers.get("host")))) refuse("the Host header names no host");
}

void check_framing(Headers const& headers, bool is_http_1_0) {
  std::ptrdiff_t const encodings = count(headers, "transfer-encoding");
  if (encodings == 0) return;
  if (is_http_1_0) refuse("HTTP/1.0 knows no Transfer-Encoding");
  bool const chunked =
      encodings == 1 &&
      base::equals_ignoring_case(base::trim(headers.get("transfer-encoding")), "chunked");
  if (!chunked) refuse("Transfer-Encoding must be chunked");
}

// Proxies get targets like "http://host/path"; this host wins over the header's (RFC 9112, 3.2.2).
void to_origin_form(Request& request) {
  std::string const start = base::to_lower(std::string_view(request.target).substr(0, 8));
  std::size_t const scheme = start.starts_with("http://") ? 7 : start == "https://" ? 8 : 0;
  if (scheme == 0) return;
  std::size_t const path =
      std::min(request.target.find_first_of("/?", scheme), request.target.size());
  std::string const host = request.target.substr(scheme, path - scheme);
  if (host.empty() || !is_host(host)) refuse("the request's target names no host");
  request.headers.set("Host", host);
  request.target.erase(0, path);
  if (!request.target.starts_with('/')) request.target.insert(0, "/");
}

}  // namespace

void check_request(Request& request, bool is_http_1_0) {
  check_host(request.headers, is_http_1_0);
  check_framing(request.headers, is_http_1_0);
  to_origin_form(request);
  bool const of_server = request.method == "OPTIONS" && request.target == "*";
  if (!request.target.starts_with('/') && !of_server)
    refuse("the request's target must be a path that begins with /");
}

bool is_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~[]:").find(c) != std::string_view::npos;
  });
}

}  // namespace http
