// TLS as a server: a certificate and its key in PEM files, which may be replaced while it runs.
#pragma once

#include "net/stream.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace net {

class Socket;

// Thread-safe.
class TlsServer {
 public:
  // The server's certificate first, then those that vouch for it; its private key, which needs no
  // passphrase. Error{config} that names the setting (tls.certificate_file, tls.key_file) where
  // they cannot be read or do not belong together.
  TlsServer(std::string certificate_file, std::string key_file);
  ~TlsServer();

  enum class When { changed, now };
  // Reads the files again: `now`, or where they have `changed` since they were read and are as they
  // were at the last call, so that no half of a change is read. From then on new connections get
  // the new certificate. Where it cannot be used, the old one stays and the log says why. Blocks
  // for the reading of small files.
  void reload(When when);

  std::shared_ptr<void> context() const;  // the SSL_CTX of new connections

  std::atomic<std::size_t> shaking_hands = 0;  // how many connections are at it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Shakes hands with a client within `time`. Error{unavailable} or {timeout}; then, too, where
// limits::max_connections are at it already.
task<std::unique_ptr<Stream>> accept_tls(Socket socket, TlsServer& tls,
                                         std::chrono::milliseconds time);

}  // namespace net
