// Parts that the measuring programs share: TCP sockets on loopback, reading of HTTP heads, and
// errors that end the program with a sentence. None of it is part of the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

// Ends the program with `what` and the last system call's error.
[[noreturn]] void fail(std::string_view what);

// Returns `result` of a system call; -1 ends the program.
int checked(int result, std::string_view what);

// The number that `text` holds; other texts end the program.
std::uint64_t number(std::string_view text, std::string_view what);

// "HOST:PORT" with an IPv4 address.
struct Address {
  std::string host;
  std::uint16_t port = 0;
};
Address parse_address(std::string_view text);

// Listens, and says "ready" on standard output once it does.
int listen_on(Address const& address);

// Opens a connected socket without Nagle's delay.
int connect_to(Address const& address);

void set_no_delay(int socket);
void set_non_blocking(int socket);

// The size of the head at the start of `bytes`, with its empty line; nullopt until it is all there.
std::optional<std::size_t> head_size(std::string_view bytes);

// The value of a header line of `head`; `name` in lower case.
std::optional<std::string_view> header(std::string_view head, std::string_view name);

// The status of a reply's head.
int status_of(std::string_view head);

}  // namespace bench
