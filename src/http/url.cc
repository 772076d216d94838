#include "http/url.h"

#include "base/error.h"
#include "base/text.h"
#include "http/host_name.h"
#include "net/reach.h"

#include <algorithm>

#include <fmt/format.h>

namespace http {

namespace {

[[noreturn]] void refuse(std::string const& why) {
  throw base::Error(base::Fault::bad_input, why);
}

// Returns the scheme and leaves the rest behind its "://" in `url`.
std::string take_scheme(std::string_view& url, std::initializer_list<std::string_view> schemes) {
  std::string allowed;
  for (std::string_view const scheme : schemes) {
    std::string const start = fmt::format("{}://", scheme);
    if (base::equals_ignoring_case(url.substr(0, start.size()), start)) {
      url.remove_prefix(start.size());
      return std::string(scheme);
    }
    allowed += (allowed.empty() ? "" : " or ") + start;
  }
  refuse("must begin with " + allowed);
}

std::uint16_t parse_port(std::string_view text) {
  auto const port = base::parse_uint(text);
  if (!port || *port < 1 || *port > 65535) refuse("has no valid port");
  return static_cast<std::uint16_t>(*port);
}

// Reads "host", "host:8080" or "[::1]:8080".
void read_authority(std::string_view text, Url& url) {
  if (text.find('@') != std::string_view::npos) refuse("must not hold a user name or password");
  std::string_view rest;
  if (text.starts_with('[')) {
    std::size_t const close = std::min(text.find(']'), text.size());
    url.host = base::to_lower(text.substr(1, close - 1));
    rest = text.substr(std::min(close + 1, text.size()));
    bool const is_ip6 = url.host.find(':') != std::string::npos && net::parse_ip(url.host);
    if (close == text.size() || !is_ip6) refuse("has no valid IPv6 address in its brackets");
  } else {
    std::size_t const colon = std::min(text.find(':'), text.size());
    url.host = base::to_lower(text.substr(0, colon));
    rest = text.substr(colon);
    if (!is_host_name(url.host)) refuse("has no valid host name");
  }
  if (rest.empty()) return;
  if (!rest.starts_with(':')) refuse("has no valid port");
  url.port = parse_port(rest.substr(1));
}

}  // namespace

Url parse_url(std::string_view url, std::initializer_list<std::string_view> schemes) {
  Url parsed;
  parsed.scheme = take_scheme(url, schemes);
  if (url.find('#') != std::string_view::npos) refuse("must not have a fragment (#)");
  std::size_t const end = std::min(url.find_first_of("/?"), url.size());
  read_authority(url.substr(0, end), parsed);
  parsed.target = url.substr(end);
  return parsed;
}

std::string authority(Url const& url) {
  bool const is_ip6 = url.host.find(':') != std::string::npos;
  std::string const host = is_ip6 ? '[' + url.host + ']' : url.host;
  return url.port ? fmt::format("{}:{}", host, *url.port) : host;
}

WebUrl parse_web_url(std::string_view url, std::size_t most_bytes) {
  if (url.size() > most_bytes) refuse("is too long");
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c <= '~'; }))
    refuse("must be percent-encoded: it holds a space or what is not ASCII");
  Url parts = parse_url(url, {"https", "http"});
  bool const tls = parts.scheme == "https";
  std::uint16_t const default_port = tls ? 443 : 80;
  if (parts.port == default_port) parts.port.reset();
  return {.tls = tls,
          .address = {parts.host, parts.port.value_or(default_port)},
          .host = authority(parts),
          .target = (parts.target.starts_with('/') ? "" : "/") + parts.target};
}

}  // namespace http
