#include "api/watch/own_address.h"

#include "api/watch/client_address.h"
#include "base/error.h"
#include "base/text.h"
#include "http/request_rules.h"
#include "http/url.h"

#include <algorithm>
#include <optional>

namespace api {
namespace {

// The value that the first of the trusted proxies told; nullopt if none of them tells.
std::optional<std::string_view> told(http::Headers const& headers, std::string_view name,
                                     std::size_t proxies) {
  std::vector<std::string_view> const values = list_of(headers, name);
  if (proxies == 0 || values.empty()) return std::nullopt;
  return base::trim(values[values.size() - std::min(values.size(), proxies)]);
}

bool is_prefix(std::string_view text) {
  auto const fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/-._~%").find(c) != std::string_view::npos;
  };
  // "//host" would be another server's name.
  return text.starts_with('/') && text.find("//") == std::string_view::npos &&
         text.find("/..") == std::string_view::npos && std::ranges::all_of(text, fits);
}

std::string_view without_last_slash(std::string_view path) {
  return path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

}  // namespace

OwnAddress called_as(http::Headers const& headers, std::string_view peer,
                     std::span<net::Network const> trusted_proxies, bool tls) {
  std::size_t const proxies = trusted_hops(peer, headers, trusted_proxies);
  OwnAddress address{.scheme = tls ? "https" : "http",
                     .host = std::string(base::trim(headers.get("host"))),
                     .prefix = {}};
  if (auto const scheme = told(headers, "x-forwarded-proto", proxies)) {
    std::string lower = base::to_lower(*scheme);
    if (lower == "http" || lower == "https") address.scheme = std::move(lower);
  }
  auto const host = told(headers, "x-forwarded-host", proxies);
  if (host && !host->empty() && http::is_host(*host)) address.host = *host;
  auto const prefix = told(headers, "x-forwarded-prefix", proxies);
  if (prefix && is_prefix(*prefix)) address.prefix = without_last_slash(*prefix);
  return address;
}

OwnAddress parse_base_url(std::string_view url) {
  try {
    http::Url const parsed = http::parse_url(url, {"https", "http"});
    return {.scheme = parsed.scheme, .host = http::authority(parsed), .prefix = parsed.target};
  } catch (base::Error const&) {
    return {};
  }
}

bool is_trusted_by_browsers(OwnAddress const& address) {
  static net::Network const own_machine[] = {net::parse_network("127.0.0.0/8"),
                                             net::parse_network("::1")};
  if (address.scheme == "https") return true;
  std::string const name = name_of(address.host);
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  auto const ip = net::parse_ip(name);
  return ip && net::contains(own_machine, *ip);
}

std::string name_of(std::string_view host) {
  if (host.starts_with('[')) return base::to_lower(host.substr(1, host.find(']') - 1));
  std::string_view name = host.substr(0, host.find(':'));
  if (name.ends_with('.')) name.remove_suffix(1);
  return base::to_lower(name);
}

}  // namespace api
