// The address by which a client has called this server: links to it begin with that. Pure.
//
// A proxy in front may have another name, https and a path of its own. Its X-Forwarded-Proto, -Host
// and -Prefix count if the operator trusts it; those of other peers do not. Like X-Forwarded-For,
// each may have a value of several proxies: that of the first one in the chain of trusted proxies
// is believed.
#pragma once

#include "http/message.h"
#include "net/reach.h"

#include <span>
#include <string>
#include <string_view>

namespace api {

struct OwnAddress {
  std::string scheme;  // "http" or "https"
  std::string host;    // with a port if the client named one; empty: it named no host
  std::string prefix;  // "/zips", without a slash at the end; empty: none
  bool operator==(OwnAddress const&) const = default;
};

// `tls`: the connection itself is encrypted. `peer`: its other end.
OwnAddress called_as(http::Headers const& headers, std::string_view peer,
                     std::span<net::Network const> trusted_proxies, bool tls);
// The address in a URL, without a slash at the end; empty if it is none.
OwnAddress parse_base_url(std::string_view url);

// Whether browsers trust what they get there to be of the server: by https, or of their own
// machine.
bool is_trusted_by_browsers(OwnAddress const& address);

// "zip.example.com", in lower case, of "Zip.Example.com.:8080"; "::1" of "[::1]:8080".
std::string name_of(std::string_view host);

}  // namespace api
