// A non-blocking TCP socket with one watchdog timer: the part that plain and TLS streams share.
// Included by net/*.cc only.
#pragma once

#include "net/asio_types.h"

#include <chrono>
#include <memory>
#include <span>
#include <string>

namespace net {

class Socket {
 public:
  explicit Socket(TcpSocket socket);
  ~Socket();
  Socket(Socket&&) noexcept = default;

  int fd() const;
  // These wait until the kernel has bytes, or room; Error{timeout} after the idle timeout. The
  // watchdog is one timer per connection that looks at a time point, not one per operation.
  task<void> wait_readable();
  task<void> wait_writable();
  // Receives bytes once there are some; 0 at the end of the stream. Cheaper than waiting first.
  task<std::size_t> receive(std::span<char> into);
  // True now and then while this connection never has to wait: its user then lets other tasks of
  // the loop run (net::yield()).
  bool had_its_turn();

  [[noreturn]] static void throw_broken(std::string_view peer, std::string_view why);

  void set_idle_timeout(std::chrono::milliseconds timeout);
  bool is_open() const;
  bool quiet() const;
  bool peer_ended() const;
  void end_writing();
  void close();
  void reset();
  std::string_view peer() const;

 private:
  struct State;
  static void arm(std::shared_ptr<State> const& state);
  task<void> wait(TcpSocket::wait_type what);
  void begin_waiting();
  static void end_waiting(State& state, boost::system::error_code error);  // may throw

  std::shared_ptr<State> state_;  // shared with the watchdog's pending handler
};

}  // namespace net
