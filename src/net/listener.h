// A listening TCP socket that hands its connections to the event loops in turn.
#pragma once

#include "base/limits.h"
#include "net/connect.h"
#include "net/stream.h"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace net {

class TlsServer;

// The TLS of a listener's connections. The server is borrowed and outlives them; tests shorten the
// time for a handshake.
struct ListenerTls {
  TlsServer* server = nullptr;  // none: plain TCP
  std::chrono::milliseconds handshake = base::limits::tls_handshake_timeout;
};

class Listener {
 public:
  // Called on the connection's loop once it can carry bytes: with TLS, clients that do not speak it
  // have been closed by then.
  using OnConnection = std::function<task<void>(std::unique_ptr<Stream>)>;

  // Binds and listens at once; port 0 takes a free one. Error{config} that names the address if
  // that fails.
  Listener(std::vector<Executor> loops, Address const& address, ListenerTls tls = {});
  ~Listener();

  std::uint16_t port() const;
  // Accepts connections on the first loop until stop().
  task<void> run(OnConnection on_connection);
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
