#include "http/web_url.h"

#include "base/error.h"
#include "base/text.h"
#include "net/host_name.h"
#include "net/reach.h"

#include <algorithm>
#include <cstdint>

namespace net {

namespace {

// Without the URL: it may hold a secret.
[[noreturn]] void refuse(char const* why) {
  throw base::Error(base::Fault::bad_input, why);
}

bool starts_with_scheme(std::string_view url, std::string_view scheme) {
  return base::equals_ignoring_case(url.substr(0, scheme.size()), scheme);
}

std::uint16_t parse_port(std::string_view text) {
  auto const port = base::parse_uint(text);
  if (!port || *port < 1 || *port > 65535) refuse("has no valid port");
  return static_cast<std::uint16_t>(*port);
}

// "host", "host:8080", "[::1]:8080".
Address parse_authority(std::string_view text, std::uint16_t default_port) {
  if (text.find('@') != std::string_view::npos) refuse("must not hold a user name or password");
  Address address;
  std::string_view rest;
  if (text.starts_with('[')) {
    std::size_t const close = text.find(']');
    if (close == std::string_view::npos) refuse("has no valid IPv6 address in its brackets");
    address.host = base::to_lower(text.substr(1, close - 1));
    rest = text.substr(close + 1);
    bool const valid = address.host.find(':') != std::string::npos && parse_ip(address.host);
    if (!valid) refuse("has no valid IPv6 address in its brackets");
  } else {
    std::size_t const colon = std::min(text.find(':'), text.size());
    address.host = base::to_lower(text.substr(0, colon));
    rest = text.substr(colon);
    if (!is_host_name(address.host)) refuse("has no valid host name");
  }
  if (!rest.empty() && !rest.starts_with(':')) refuse("has no valid port");
  address.port = rest.empty() ? default_port : parse_port(rest.substr(1));
  return address;
}

}  // namespace

WebUrl parse_web_url(std::string_view url, std::size_t most_bytes) {
  if (url.size() > most_bytes) refuse("is too long");
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c <= '~'; }))
    refuse("must be percent-encoded: it holds a space or what is not ASCII");
  WebUrl parsed;
  parsed.tls = starts_with_scheme(url, "https://");
  if (!parsed.tls && !starts_with_scheme(url, "http://"))
    refuse("must begin with https:// or http://");
  url.remove_prefix(parsed.tls ? 8 : 7);
  if (url.find('#') != std::string_view::npos) refuse("must not have a fragment (#)");
  std::size_t const end = std::min(url.find_first_of("/?"), url.size());
  std::uint16_t const default_port = parsed.tls ? 443 : 80;
  parsed.address = parse_authority(url.substr(0, end), default_port);
  bool const is_ip6 = parsed.address.host.find(':') != std::string::npos;
  parsed.host = is_ip6 ? '[' + parsed.address.host + ']' : parsed.address.host;
  if (parsed.address.port != default_port) parsed.host += ':' + std::to_string(parsed.address.port);
  parsed.target = url.substr(end);
  if (!parsed.target.starts_with('/')) parsed.target.insert(0, "/");
  return parsed;
}

}  // namespace net
