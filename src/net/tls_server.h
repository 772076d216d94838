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
  // certificate_file has the server's certificate first, then its issuers'; key_file has its
  // private key, without a passphrase. Error{config} that names the setting (tls.certificate_file,
  // tls.key_file) if they cannot be read or do not belong together.
  TlsServer(std::string certificate_file, std::string key_file);
  ~TlsServer();

  enum class When { changed, now };
  // Reads the files again: `now`, or if they have `changed` since they were read and are the same
  // as at the last call, so that no half of a change is read. From then on new connections get the
  // new certificate. If it cannot be used, the old one stays and the log says why. Blocks while it
  // reads small files.
  void reload(When when);

  std::shared_ptr<void> context() const;  // the SSL_CTX of new connections

  std::atomic<std::size_t> shaking_hands = 0;  // connections in their handshake

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Shakes hands with a client within `time`. Error{unavailable}, also while limits::max_connections
// are shaking hands, or {timeout}.
task<std::unique_ptr<Stream>> accept_tls(Socket socket, TlsServer& tls,
                                         std::chrono::milliseconds time);

}  // namespace net
