// Opening a connection: resolve, connect, and shake hands where TLS is wanted.
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

// All addresses that the name has are tried in turn within limits::connect_timeout, of these only
// public ones (net/reach.h) and those of the `allowed` networks: the connection goes to the very
// address that was looked at. An IP address, and a localhost for loopback, is taken as it is: who
// lets strangers choose it must look at it before. Error{unavailable} that names host and port,
// {timeout}, or {forbidden} where the name has no address that may be used. What does not pass has
// a code: the first of these where there is no such name, the other where TLS finds another peer.
inline constexpr std::string_view no_such_host = "NoSuchHost";
inline constexpr std::string_view untrusted_peer = "UntrustedCertificate";
task<std::unique_ptr<Stream>> connect(Address address, std::vector<Network> allowed = {});
// The same, and TLS on it, with a certificate for `tls_name`.
task<std::unique_ptr<Stream>> connect_tls(Address address, TlsClient const& tls,
                                          std::string tls_name, std::vector<Network> allowed = {});

}  // namespace net
