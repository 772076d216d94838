// A connection of the measuring programs: TCP as it is, or TLS by OpenSSL over it. Certificates are
// not checked: the programs measure how bytes are moved.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <sys/types.h>
#include <sys/uio.h>

#include <openssl/ssl.h>

namespace bench {

struct FreeTls {
  void operator()(SSL* tls) const { SSL_free(tls); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;

TlsContext client_context();
TlsContext server_context(std::string const& certificate_file, std::string const& key_file);

// Owns the socket.
class Channel {
 public:
  Channel() = default;
  explicit Channel(int socket) : socket_(socket) {}
  // Shakes hands as the client or the server that the context is made for; blocks.
  Channel(int socket, SSL_CTX& context);
  Channel(Channel&& other) noexcept { swap(other); }
  Channel& operator=(Channel&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Channel();

  int socket() const { return socket_; }
  // Like recv() and sendmsg(): -1 and errno EAGAIN where they would block; 0 at the end.
  ssize_t receive(std::span<char> into, int flags = 0);
  ssize_t send(std::span<iovec const> slices);

 private:
  void swap(Channel& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(tls_, other.tls_);
  }
  ssize_t result_of(int done) const;

  int socket_ = -1;
  std::unique_ptr<SSL, FreeTls> tls_;
};

}  // namespace bench
