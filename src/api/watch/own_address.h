// By what address a client has called this server: what links to it begin with. Pure.
//
// A proxy in front may have another name, https and a path of its own. What it tells in
// X-Forwarded-Proto, -Host and -Prefix counts where the operator trusts it; from all others it is
// anybody's word. Like X-Forwarded-For, each may list what several proxies saw: the one that stands
// first in the chain of trusted ones is believed.
#pragma once

#include "http/message.h"
#include "net/reach.h"

#include <span>
#include <string>
#include <string_view>

namespace api {

struct OwnAddress {
  std::string scheme;  // "http" or "https"
  std::string host;    // with a port where the client named one; empty: it named no host
  std::string prefix;  // "/zips", without a slash at the end; empty: none
  bool operator==(OwnAddress const&) const = default;
};

// `tls`: the connection itself is encrypted. `peer`: its other end.
OwnAddress called_as(http::Headers const& headers, std::string_view peer,
                     std::span<net::Network const> trusted_proxies, bool tls);
// Of a URL, without a slash at the end; empty where it is none.
OwnAddress parse_base_url(std::string_view url);

// "zip.example.com", in lower case, of "Zip.Example.com.:8080"; "::1" of "[::1]:8080".
std::string name_of(std::string_view host);

}  // namespace api
