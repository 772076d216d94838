#include "api/watch/client_address.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <vector>

namespace api {
namespace {

using net::IpAddress;

constexpr std::string_view forwarded_for = "x-forwarded-for";

// "1.2.3.4", "1.2.3.4:80", "::1", "[::1]:80".
std::optional<IpAddress> parse_end(std::string_view text) {
  text = base::trim(text);
  if (auto const ip = net::parse_ip(text)) return ip;
  std::string_view host = text.substr(0, text.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return net::parse_ip(host);
}

// IPv6 peers come without brackets: the last colon is the port's.
std::optional<IpAddress> ip_of(std::string_view peer) {
  return net::parse_ip(peer.substr(0, peer.rfind(':')));
}

bool tells_of_a_proxy(http::Field const& line) {
  constexpr std::array<std::string_view, 6> names{
      "forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip", "true-client-ip"};
  std::string const name = base::to_lower(line.name);
  return name.starts_with("x-forwarded-") || std::ranges::find(names, name) != names.end();
}

std::string written(IpAddress const& address) {
  constexpr std::size_t network_bytes = 8;
  static std::vector<net::Network> const ipv4{net::parse_network("0.0.0.0/0")};
  std::span<std::uint8_t const> const all(address);
  if (net::contains(ipv4, address)) return base::hex(all.last(4));
  return base::hex(all.first(network_bytes));
}

}  // namespace

std::vector<std::string_view> list_of(http::Headers const& headers, std::string_view name) {
  std::vector<std::string_view> items;
  for (http::Field const& line : headers) {
    if (!base::equals_ignoring_case(line.name, name)) continue;
    for (std::string_view const item : base::split(line.value, ',')) items.push_back(item);
  }
  return items;
}

std::optional<std::string> client_address(std::string_view peer, http::Headers const& headers,
                                          std::span<net::Network const> trusted_proxies) {
  auto client = ip_of(peer);
  if (!client) return std::string(peer);
  if (!net::contains(trusted_proxies, *client)) return written(*client);
  client.reset();
  for (std::string_view const end : std::views::reverse(list_of(headers, forwarded_for))) {
    client = parse_end(end);
    if (!client || !net::contains(trusted_proxies, *client)) break;
  }
  if (!client) return std::nullopt;
  return written(*client);
}

std::size_t trusted_hops(std::string_view peer, http::Headers const& headers,
                         std::span<net::Network const> trusted_proxies) {
  if (!comes_from(peer, trusted_proxies)) return 0;
  std::size_t hops = 1;
  for (std::string_view const end : std::views::reverse(list_of(headers, forwarded_for))) {
    auto const ip = parse_end(end);
    if (!ip || !net::contains(trusted_proxies, *ip)) break;
    ++hops;
  }
  return hops;
}

bool comes_from(std::string_view peer, std::span<net::Network const> networks) {
  auto const ip = ip_of(peer);
  return ip && net::contains(networks, *ip);
}

bool comes_directly_from(std::string_view peer, http::Headers const& headers,
                         std::span<net::Network const> networks) {
  return comes_from(peer, networks) && std::ranges::none_of(headers, tells_of_a_proxy);
}

}  // namespace api
