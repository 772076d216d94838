#include "net/connect.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "net/asio_types.h"
#include "net/deadline.h"
#include "net/tcp.h"
#include "net/tls.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

namespace net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::Error;
using base::Fault;

// "localhost" and names that end in ".localhost" mean this machine, whatever a resolver says of
// them (RFC 6761, 6.3): stores on it can be addressed by the names of their buckets.
bool is_localhost(std::string_view host) {
  constexpr std::string_view name = ".localhost";
  std::string const dotted = "." + base::to_lower(host);
  return dotted.ends_with(name);
}

// Only the log tells the inner address of a name: the client that named it must not learn it.
[[noreturn]] void refuse(Address const& address, tcp::endpoint const& end) {
  base::log_warning(
      fmt::format("{} has the address {}, which is not public; s3.allowed_networks would allow it",
                  address.host, end.address().to_string()));
  throw Error(Fault::forbidden, fmt::format("{} has no public address; this server's configuration "
                                            "(s3.allowed_networks) does not allow another",
                                            address.host));
}

// The found addresses that the connection may go to.
std::vector<tcp::endpoint> usable(TcpResolver::results_type const& found, Address const& address,
                                  std::vector<Network> const& allowed) {
  bool const literal = parse_ip(address.host).has_value();
  bool const local = is_localhost(address.host);
  std::vector<tcp::endpoint> ends;
  for (auto const& one : found) {
    tcp::endpoint const end = one.endpoint();
    auto const ip = parse_ip(end.address().to_string());
    bool const named = literal || (local && end.address().is_loopback());
    if (named || (ip && (is_public(*ip) || contains(allowed, *ip)))) ends.push_back(end);
  }
  if (ends.empty()) refuse(address, found.begin()->endpoint());
  return ends;
}

task<TcpSocket> open_socket(Address address, std::vector<Network> allowed) {
  Executor const executor = co_await asio::this_coro::executor;
  auto const as_result = asio::as_tuple(use_task);
  TcpResolver resolver(executor);
  std::string const port = std::to_string(address.port);
  std::string const name = is_localhost(address.host) ? "localhost" : address.host;
  auto [resolve_error, found] = co_await resolver.async_resolve(name, port, as_result);
  if (resolve_error) {
    bool const unknown = resolve_error == asio::error::host_not_found;
    throw Error(
        Fault::unavailable,
        fmt::format("the host {} has no address: {}", address.host, resolve_error.message()),
        unknown ? std::string(no_such_host) : "");
  }
  std::vector<tcp::endpoint> const ends = usable(found, address, allowed);
  TcpSocket socket(executor);
  auto [error, reached] = co_await asio::async_connect(socket, ends, as_result);
  if (error) {
    throw Error(Fault::unavailable, fmt::format("no connection to {}:{}: {}", address.host,
                                                address.port, error.message()));
  }
  co_return std::move(socket);
}

task<std::unique_ptr<Stream>> open_plain(Address address, std::vector<Network> allowed) {
  TcpSocket open = co_await open_socket(std::move(address), std::move(allowed));
  co_return make_tcp_stream(Socket(std::move(open)));
}

task<std::unique_ptr<Stream>> open_tls(Address address, TlsClient const& tls, std::string name,
                                       std::vector<Network> allowed) {
  TcpSocket open = co_await open_socket(std::move(address), std::move(allowed));
  Socket socket(std::move(open));
  co_return co_await start_tls(std::move(socket), tls, std::move(name));
}

std::string connecting_to(Address const& address) {
  return fmt::format("connecting to {}:{}", address.host, address.port);
}

}  // namespace

Address parse_address(std::string_view text) {
  std::size_t const colon = text.rfind(':');
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  auto const port =
      colon == std::string_view::npos ? std::nullopt : base::parse_uint(text.substr(colon + 1));
  if (host.empty() || !port || *port > 65535) {
    throw Error(Fault::bad_input,
                fmt::format("\"{}\" is no address like 127.0.0.1:8080 or [::1]:8080", text));
  }
  return {std::string(host), static_cast<std::uint16_t>(*port)};
}

task<std::unique_ptr<Stream>> connect(Address address, std::vector<Network> allowed) {
  std::string what = connecting_to(address);
  task<std::unique_ptr<Stream>> opening = open_plain(std::move(address), std::move(allowed));
  return with_deadline(std::move(opening), base::limits::connect_timeout, std::move(what));
}

task<std::unique_ptr<Stream>> connect_tls(Address address, TlsClient const& tls,
                                          std::string tls_name, std::vector<Network> allowed) {
  std::string what = connecting_to(address);
  task<std::unique_ptr<Stream>> opening =
      open_tls(std::move(address), tls, std::move(tls_name), std::move(allowed));
  return with_deadline(std::move(opening), base::limits::connect_timeout, std::move(what));
}

}  // namespace net
