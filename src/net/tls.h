// TLS as a client: OpenSSL on the non-blocking socket itself, without the extra copies of memory
// BIOs. Certificates are verified: by the system's store or the CA file, and for the host's name.
#pragma once

#include "net/stream.h"

#include <memory>
#include <string>

namespace net {

// Verification settings and OpenSSL's state, shared by all connections; thread-safe once made.
class TlsClient {
 public:
  // `ca_file`: PEM certificates to trust besides the system's; may be empty. Error{config} if it
  // cannot be read.
  explicit TlsClient(std::string const& ca_file = {});
  ~TlsClient();
  TlsClient(TlsClient const&) = delete;
  TlsClient& operator=(TlsClient const&) = delete;

  void* native() const { return context_.get(); }  // SSL_CTX*

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

class Socket;

// Shakes hands on a connected socket. Error{unavailable} if the peer's certificate is not trusted
// or not for `host`; the message says why.
task<std::unique_ptr<Stream>> start_tls(Socket socket, TlsClient const& tls, std::string host);

}  // namespace net
