// The client at the other end of a connection, behind any proxies that the operator trusts. Pure.
#pragma once

#include "http/message.h"
#include "net/reach.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace api {

// `peer`: "127.0.0.1:4711". If it is a trusted proxy, X-Forwarded-For tells its client: the last
// address there that is no trusted proxy itself, as the text before it is the client's own word.
// IPv6 addresses are cut to their first 64 bits: one customer has them all. nullopt if a trusted
// proxy does not tell: its own address would stand for all clients that come through it.
std::optional<std::string> client_address(std::string_view peer, http::Headers const& headers,
                                          std::span<net::Network const> trusted_proxies);

// How many trusted proxies stand one behind the other before this server, by X-Forwarded-For.
std::size_t trusted_hops(std::string_view peer, http::Headers const& headers,
                         std::span<net::Network const> trusted_proxies);

// The items between commas in all lines of this name, in their order.
std::vector<std::string_view> list_of(http::Headers const& headers, std::string_view name);

// Whether the connection's other end is in one of these networks.
bool comes_from(std::string_view peer, std::span<net::Network const> networks);

// Whether it is in one of them, and speaks for itself: no header says that the request was
// forwarded.
bool comes_directly_from(std::string_view peer, http::Headers const& headers,
                         std::span<net::Network const> networks);

}  // namespace api
