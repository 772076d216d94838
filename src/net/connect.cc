#include "net/connect.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "net/deadline.h"
#include "net/tcp.h"
#include "net/tls.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::Error;
using base::Fault;

task<tcp::socket> open_socket(Address address) {
  Executor const executor = co_await asio::this_coro::executor;
  auto const as_result = asio::as_tuple(asio::use_awaitable);
  tcp::resolver resolver(executor);
  std::string const port = std::to_string(address.port);
  auto [resolve_error, found] = co_await resolver.async_resolve(address.host, port, as_result);
  if (resolve_error) {
    throw Error(Fault::unavailable, fmt::format("the host {} has no address: {}", address.host,
                                                resolve_error.message()));
  }
  tcp::socket socket(executor);
  auto [error, reached] = co_await asio::async_connect(socket, found, as_result);
  if (error) {
    throw Error(Fault::unavailable, fmt::format("no connection to {}:{}: {}", address.host,
                                                address.port, error.message()));
  }
  co_return std::move(socket);
}

task<std::unique_ptr<Stream>> open_plain(Address address) {
  tcp::socket open = co_await open_socket(std::move(address));
  co_return make_tcp_stream(Socket(std::move(open)));
}

task<std::unique_ptr<Stream>> open_tls(Address address, TlsClient const& tls, std::string name) {
  tcp::socket open = co_await open_socket(std::move(address));
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

task<std::unique_ptr<Stream>> connect(Address address) {
  std::string what = connecting_to(address);
  task<std::unique_ptr<Stream>> opening = open_plain(std::move(address));
  return with_deadline(std::move(opening), base::limits::connect_timeout, std::move(what));
}

task<std::unique_ptr<Stream>> connect_tls(Address address, TlsClient const& tls,
                                          std::string tls_name) {
  std::string what = connecting_to(address);
  task<std::unique_ptr<Stream>> opening = open_tls(std::move(address), tls, std::move(tls_name));
  return with_deadline(std::move(opening), base::limits::connect_timeout, std::move(what));
}

}  // namespace net
