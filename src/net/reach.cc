#include "net/reach.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <string>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace net {
namespace {

namespace asio = boost::asio;

constexpr int ipv4_prefix_bits = 96;
constexpr IpAddress ipv4_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
// NAT64 (RFC 6052) puts this prefix before an IPv4 address.
constexpr IpAddress ipv4_translated{0x00, 0x64, 0xFF, 0x9B};

constexpr Network ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, int bits,
                       std::uint8_t d = 0) {
  Network network{ipv4_mapped, ipv4_prefix_bits + bits};
  network.address[12] = a;
  network.address[13] = b;
  network.address[14] = c;
  network.address[15] = d;
  return network;
}

constexpr Network ipv6(std::uint16_t first, std::uint16_t second, int bits) {
  Network network{{}, bits};
  network.address[0] = static_cast<std::uint8_t>(first >> 8);
  network.address[1] = static_cast<std::uint8_t>(first & 0xFF);
  network.address[2] = static_cast<std::uint8_t>(second >> 8);
  network.address[3] = static_cast<std::uint8_t>(second & 0xFF);
  return network;
}

// IANA's special-purpose address registries (RFC 6890 and later), and addresses that clouds use for
// their own machines though they belong to others.
constexpr std::array not_public{
    ipv4(0, 0, 0, 8),            // this network
    ipv4(10, 0, 0, 8),           // private
    ipv4(100, 64, 0, 10),        // shared by a provider's customers; Alibaba's metadata service
    ipv4(127, 0, 0, 8),          // loopback
    ipv4(168, 63, 129, 32, 16),  // Azure's wire server, next to each of its machines
    ipv4(169, 254, 0, 16),       // link-local, and most clouds' metadata services
    ipv4(172, 16, 0, 12),        // private
    ipv4(192, 0, 0, 24),         // protocols; Oracle's metadata service
    ipv4(192, 0, 2, 24),         // documentation
    ipv4(192, 80, 8, 32, 124),   // Packet's (Equinix Metal's) metadata service
    ipv4(192, 88, 99, 24),       // relays to IPv6
    ipv4(192, 168, 0, 16),       // private
    ipv4(198, 18, 0, 15),        // benchmarks
    ipv4(198, 51, 100, 24),      // documentation
    ipv4(203, 0, 113, 24),       // documentation
    ipv4(224, 0, 0, 4),          // multicast
    ipv4(240, 0, 0, 4),          // reserved, broadcast
    ipv6(0x2001, 0, 23),         // protocols, and tunnels to IPv4 (Teredo)
    ipv6(0x2001, 0x0DB8, 32),    // documentation
    ipv6(0x2002, 0, 16),         // tunnels to IPv4 (6to4)
    ipv6(0x3FFF, 0, 20),         // documentation
};
// All other IPv6 addresses are loopback, unspecified, unique-local, link-local, multicast or not
// assigned.
constexpr std::array public_ipv6{ipv6(0x2000, 0, 3)};

bool is_in(Network const& network, IpAddress const& address) {
  for (int bit = 0; bit < network.prefix_bits; bit += 8) {
    int const compared = std::min(8, network.prefix_bits - bit);
    int const mask = 0xFF << (8 - compared) & 0xFF;
    auto const index = static_cast<std::size_t>(bit / 8);
    if ((network.address[index] & mask) != (address[index] & mask)) return false;
  }
  return true;
}

[[noreturn]] void refuse(std::string_view text) {
  throw base::Error(
      base::Fault::bad_input,
      fmt::format("\"{}\" is no network like 10.0.0.0/8, fd00::/8 or 10.0.0.1", text));
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.find('%') != std::string_view::npos) return std::nullopt;
  boost::system::error_code error;
  asio::ip::address const parsed = asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  if (parsed.is_v6()) return parsed.to_v6().to_bytes();
  return asio::ip::make_address_v6(asio::ip::v4_mapped, parsed.to_v4()).to_bytes();
}

Network parse_network(std::string_view text) {
  std::size_t const slash = text.find('/');
  std::string_view const host = text.substr(0, slash);
  auto const address = parse_ip(host);
  if (!address) refuse(text);
  Network network{*address, 128};
  if (slash == std::string_view::npos) return network;
  int const behind = host.find(':') == std::string_view::npos ? ipv4_prefix_bits : 0;
  auto const bits = base::parse_uint(text.substr(slash + 1));
  if (!bits || *bits > 128U - static_cast<unsigned>(behind)) refuse(text);
  network.prefix_bits = behind + static_cast<int>(*bits);
  // "10.1.2.3/8" is a slip, in the address or in the prefix.
  for (int bit = network.prefix_bits; bit < 128; ++bit) {
    if (network.address[static_cast<std::size_t>(bit / 8)] & 0x80 >> bit % 8) refuse(text);
  }
  return network;
}

bool contains(std::span<Network const> networks, IpAddress const& address) {
  return std::ranges::any_of(networks,
                             [&](Network const& network) { return is_in(network, address); });
}

bool is_public(IpAddress const& address) {
  if (is_in({ipv4_translated, ipv4_prefix_bits}, address)) {
    IpAddress behind = ipv4_mapped;
    std::copy(address.begin() + 12, address.end(), behind.begin() + 12);
    return is_public(behind);
  }
  bool const is_ipv4 = is_in({ipv4_mapped, ipv4_prefix_bits}, address);
  return (is_ipv4 || contains(public_ipv6, address)) && !contains(not_public, address);
}

}  // namespace net
