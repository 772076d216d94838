// Checks the addresses that a host name may stand for. Pure.
//
// Foreign servers resolve names: the owner of a store's name, or the network in between, could
// point it at this machine, at its neighbours or at a cloud's metadata service. So a name must have
// public addresses, or addresses in networks that the operator allows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace net {

// The address in network order; IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
using IpAddress = std::array<std::uint8_t, 16>;

// "10.0.0.1", "fd00::1": the canonical forms only. Throws nothing; nullopt for names and all other
// texts, such as "10.1", "0x0a.0.0.1" or "fe80::1%eth0".
std::optional<IpAddress> parse_ip(std::string_view text);

// All addresses whose first bits are the same.
struct Network {
  IpAddress address{};
  int prefix_bits = 0;  // of the 128
  bool operator==(Network const&) const = default;
};

// "10.0.0.0/8", "fd00::/8", or one address. Error{bad_input} for any other text, and for an address
// with bits behind the prefix.
Network parse_network(std::string_view text);
bool contains(std::span<Network const> networks, IpAddress const& address);

// True for an address of the Internet: not private, shared, loopback, link-local, multicast,
// reserved, nor a cloud's metadata service, nor a way to one of these through IPv6.
bool is_public(IpAddress const& address);

}  // namespace net
