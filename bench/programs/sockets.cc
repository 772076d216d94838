#include "sockets.h"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

sockaddr_in socket_address(Address const& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(address.port);
  if (inet_pton(AF_INET, address.host.c_str(), &out.sin_addr) != 1) fail("not an IPv4 address");
  return out;
}

// The socket calls take every kind of address as this one.
sockaddr const* as_any(sockaddr_in const& address) {
  return reinterpret_cast<sockaddr const*>(&address);
}

bool same_but_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

}  // namespace

void fail(std::string_view what) {
  std::fprintf(stderr, "%s: %.*s (%s)\n", program_invocation_short_name,
               static_cast<int>(what.size()), what.data(), std::strerror(errno));
  std::_Exit(1);
}

int checked(int result, std::string_view what) {
  if (result == -1) fail(what);
  return result;
}

std::uint64_t number(std::string_view text, std::string_view what) {
  std::uint64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) fail(what);
  return value;
}

Address parse_address(std::string_view text) {
  std::size_t const colon = text.find(':');
  if (colon == std::string_view::npos) fail("an address is HOST:PORT");
  auto const port = number(text.substr(colon + 1), "a port is a number");
  return {std::string(text.substr(0, colon)), static_cast<std::uint16_t>(port)};
}

int listen_on(Address const& address) {
  int const listener = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  int const on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in const where = socket_address(address);
  checked(bind(listener, as_any(where), sizeof where), "bind");
  checked(listen(listener, 1024), "listen");
  std::puts("ready");
  std::fflush(stdout);
  return listener;
}

int connect_to(Address const& address) {
  int const connection = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in const where = socket_address(address);
  checked(connect(connection, as_any(where), sizeof where), "connect");
  set_no_delay(connection);
  return connection;
}

void set_no_delay(int socket) {
  int const on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void set_non_blocking(int socket) {
  checked(fcntl(socket, F_SETFL, O_NONBLOCK), "fcntl");
}

std::optional<std::size_t> head_size(std::string_view bytes) {
  std::size_t const end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  return end + 4;
}

std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  std::size_t start = head.find("\r\n");
  while (start != std::string_view::npos && start + 2 < head.size()) {
    start += 2;
    std::size_t const end = head.find("\r\n", start);
    std::string_view const line = head.substr(start, end - start);
    std::size_t const colon = line.find(':');
    if (colon != std::string_view::npos && same_but_case(line.substr(0, colon), name)) {
      std::size_t const value = line.find_first_not_of(' ', colon + 1);
      return value == std::string_view::npos ? "" : line.substr(value);
    }
    start = end;
  }
  return std::nullopt;
}

int status_of(std::string_view head) {
  constexpr std::string_view version = "HTTP/1.1 ";
  if (head.size() < version.size() + 3 || !head.starts_with("HTTP/1.")) fail("not an HTTP reply");
  return static_cast<int>(number(head.substr(version.size(), 3), "not an HTTP status"));
}

}  // namespace bench
