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

// How the connections of a listener speak TLS. The server is borrowed and outlives them; the time
// that a handshake may take is another than the usual one in tests.
struct ListenerTls {
  TlsServer* server = nullptr;  // none: plain TCP
  std::chrono::milliseconds handshake = base::limits::tls_handshake_timeout;
};

class Listener {
 public:
  // Called on the loop that the connection belongs to, once it can carry bytes: who speaks no TLS
  // where it is wanted is closed by then.
  using OnConnection = std::function<task<void>(std::unique_ptr<Stream>)>;

  // Binds and listens at once; port 0 takes a free one. Error{config} that names the address
  // where that fails.
  Listener(std::vector<Executor> loops, Address const& address, ListenerTls tls = {});
  ~Listener();

  std::uint16_t port() const;
  // Accepts until stop(), on the first loop.
  task<void> run(OnConnection on_connection);
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
