// A Stream over TLS: OpenSSL on the non-blocking socket itself, without the extra copies of memory
// BIOs; client and server alike. Included by net/*.cc only.
#pragma once

#include "net/socket.h"
#include "net/stream.h"

#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace net {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslHandle = std::unique_ptr<SSL, FreeSsl>;

// The reason why the last call of OpenSSL failed.
std::string last_tls_error();

// Sets what the streams of a context need: TLS 1.2 or later, writes in parts, and buffers that
// exist only while they hold bytes.
void prepare_for_streams(SSL_CTX* context);

// Shakes hands as the side that `ssl` was made for; `name` is the peer's, for the error.
// Error{unavailable} that says why.
task<std::unique_ptr<Stream>> shake_hands(Socket socket, SslHandle ssl, std::string name);

}  // namespace net
