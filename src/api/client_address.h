// Who is at the other end of a connection, behind whatever proxies the operator trusts. Pure.
#pragma once

#include "http/message.h"
#include "net/reach.h"

#include <span>
#include <string>
#include <string_view>

namespace api {

// `peer`: "127.0.0.1:4711". Where it is a trusted proxy, X-Forwarded-For tells whom it speaks for:
// the last address there that is no trusted proxy itself, as what stands before it is the client's
// own word. IPv6 addresses are cut to their first 64 bits: one customer has them all.
std::string client_address(std::string_view peer, http::Headers const& headers,
                           std::span<net::Network const> trusted_proxies);

// Whether the connection's other end is in one of these networks.
bool comes_from(std::string_view peer, std::span<net::Network const> networks);

// Whether it is, and speaks for itself: no header says that the request was forwarded.
bool comes_directly_from(std::string_view peer, http::Headers const& headers,
                         std::span<net::Network const> networks);

}  // namespace api
