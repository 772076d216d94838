// A non-blocking TCP socket with one watchdog timer: the part that plain and TLS streams share.
// Included by net/*.cc only.
#pragma once

#include "net/task.h"

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

namespace net {

class Socket {
 public:
  explicit Socket(boost::asio::ip::tcp::socket socket);
  ~Socket();
  Socket(Socket&&) noexcept = default;

  int fd() const;
  // Until the kernel has bytes, or room; Error{timeout} after the idle timeout. The watchdog is
  // one timer a connection that looks at a time point, not a timer an operation.
  task<void> wait_readable();
  task<void> wait_writable();
  // Lets other tasks of the loop run now and then, when this one never has to wait.
  task<void> be_fair();

  void set_idle_timeout(std::chrono::milliseconds timeout);
  bool quiet() const;
  void end_writing();
  void close();
  void reset();
  std::string_view peer() const;

 private:
  struct State;
  static void arm(std::shared_ptr<State> const& state);
  task<void> wait(boost::asio::ip::tcp::socket::wait_type what);

  std::shared_ptr<State> state_;  // shared with the watchdog's pending handler
};

}  // namespace net
