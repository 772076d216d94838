#include "channel.h"

#include "sockets.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

#include <climits>

namespace bench {
namespace {

TlsContext new_context(SSL_METHOD const* method) {
  TlsContext context(SSL_CTX_new(method));
  if (!context) fail("no TLS context");
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  return context;
}

}  // namespace

TlsContext client_context() {
  return new_context(TLS_client_method());
}

TlsContext server_context(std::string const& certificate_file, std::string const& key_file) {
  TlsContext context = new_context(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
    fail(certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    fail(key_file);
  return context;
}

Channel::Channel(int socket, SSL_CTX& context) : socket_(socket), tls_(SSL_new(&context)) {
  SSL_set_fd(tls_.get(), socket);
  bool const server = SSL_is_server(tls_.get()) == 1;
  if ((server ? SSL_accept(tls_.get()) : SSL_connect(tls_.get())) != 1) fail("TLS handshake");
}

Channel::~Channel() {
  if (socket_ != -1) close(socket_);
}

ssize_t Channel::result_of(int done) const {
  if (done > 0) return done;
  int const error = SSL_get_error(tls_.get(), done);
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) errno = EAGAIN;
  return -1;
}

ssize_t Channel::receive(std::span<char> into, int flags) {
  if (!tls_) return recv(socket_, into.data(), into.size(), flags);
  auto const most = static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX));
  return result_of(SSL_read(tls_.get(), into.data(), most));
}

ssize_t Channel::send(std::span<iovec const> slices) {
  if (!tls_) {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(slices.data());
    message.msg_iovlen = slices.size();
    return sendmsg(socket_, &message, MSG_NOSIGNAL);
  }
  ssize_t sent = 0;
  for (iovec const& slice : slices) {
    auto const* bytes = static_cast<char const*>(slice.iov_base);
    for (std::size_t left = slice.iov_len; left > 0;) {
      auto const most = static_cast<int>(std::min<std::size_t>(left, INT_MAX));
      ssize_t const done = result_of(SSL_write(tls_.get(), bytes, most));
      if (done <= 0) return sent > 0 ? sent : done;
      bytes += done;
      left -= static_cast<std::size_t>(done);
      sent += done;
    }
  }
  return sent;
}

}  // namespace bench
