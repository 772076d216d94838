// Opens a connection: resolves, connects, and shakes hands if TLS is wanted.
#pragma once

#include "net/reach.h"
#include "net/stream.h"

#include <memory>
#include <string>
#include <vector>

namespace net {

class TlsClient;

struct Address {
  std::string host;  // a name or an IP address
  std::uint16_t port = 0;
  bool operator==(Address const&) const = default;
};

// "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:80". Error{bad_input} for anything else.
Address parse_address(std::string_view text);

// All addresses of the name are tried in turn within limits::connect_timeout, but only public ones
// (net/reach.h) and those in `allowed`: the connection goes to the very address that was checked.
// An IP address, and a localhost for loopback, is taken as it is: a caller that lets strangers
// choose it checks it before. Error{unavailable} that names host and port, {timeout}, or
// {forbidden} if no address of the name may be used. Lasting failures have a code: the first of
// these for an unknown name, the other for another TLS peer.
inline constexpr std::string_view no_such_host = "NoSuchHost";
inline constexpr std::string_view untrusted_peer = "UntrustedCertificate";
task<std::unique_ptr<Stream>> connect(Address address, std::vector<Network> allowed = {});
// The same, with TLS on it and a certificate for `tls_name`.
task<std::unique_ptr<Stream>> connect_tls(Address address, TlsClient const& tls,
                                          std::string tls_name, std::vector<Network> allowed = {});

}  // namespace net
