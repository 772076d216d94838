#include "net/tls_stream.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509.h>

namespace net {

using base::Error;
using base::Fault;

namespace {

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, SslHandle ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {}

  task<void> handshake(std::string name) {
    for (;;) {
      ERR_clear_error();
      int const result = SSL_do_handshake(ssl_.get());
      if (result == 1) co_return;
      int const reason = SSL_get_error(ssl_.get(), result);
      if (reason == SSL_ERROR_WANT_READ) {
        co_await socket_.wait_readable();
      } else if (reason == SSL_ERROR_WANT_WRITE) {
        co_await socket_.wait_writable();
      } else {
        long const verdict = SSL_get_verify_result(ssl_.get());
        std::string const why =
            verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : last_tls_error();
        throw Error(Fault::unavailable, fmt::format("TLS with {} failed: {}", name, why));
      }
    }
  }

  task<std::size_t> read_some(std::span<char> into) override {
    for (;;) {
      std::size_t got = 0;
      check_open();
      ERR_clear_error();
      int const result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
      if (result == 1) {
        co_await socket_.be_fair();
        co_return got;
      }
      int const reason = SSL_get_error(ssl_.get(), result);
      if (reason == SSL_ERROR_ZERO_RETURN) co_return 0;
      co_await wait_or_throw(reason);
    }
  }

  task<void> write(std::span<std::string_view const> pieces) override {
    // Small pieces are joined: each SSL_write makes a record of its own.
    constexpr std::size_t record = 16 * 1024;
    std::string joined;
    for (std::string_view const piece : pieces) {
      if (piece.size() < record && joined.size() + piece.size() <= record) {
        joined += piece;
        continue;
      }
      co_await write_all(joined);
      joined.clear();
      if (piece.size() < record) {
        joined = piece;
      } else {
        co_await write_all(piece);
      }
    }
    co_await write_all(joined);
  }

  task<void> write_file(int file, std::uint64_t offset, std::uint64_t count) override {
    std::vector<char> buffer(64 * 1024);
    while (count > 0) {
      std::size_t const most = std::min<std::uint64_t>(count, buffer.size());
      ssize_t const got = ::pread(file, buffer.data(), most, static_cast<off_t>(offset));
      if (got <= 0) throw Error(Fault::corrupt, "a file became shorter while it was sent");
      std::string_view const bytes(buffer.data(), static_cast<std::size_t>(got));
      co_await write_all(bytes);
      offset += bytes.size();
      count -= bytes.size();
    }
  }

  void set_idle_timeout(std::chrono::milliseconds timeout) override {
    socket_.set_idle_timeout(timeout);
  }
  bool quiet() const override { return SSL_pending(ssl_.get()) == 0 && socket_.quiet(); }
  void end_writing() override {
    // A second SSL_shutdown would read what the peer still sends.
    if (!socket_.is_open() || std::exchange(ended_, true)) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    socket_.end_writing();
  }
  void close() override { socket_.close(); }
  void reset() override { socket_.reset(); }
  std::string_view peer() const override { return socket_.peer(); }

 private:
  // OpenSSL has the descriptor's number: once it is closed, it may be another connection's.
  void check_open() const {
    if (!socket_.is_open()) socket_.throw_closed_here();
  }

  task<void> write_all(std::string_view bytes) {
    while (!bytes.empty()) {
      std::size_t sent = 0;
      check_open();
      ERR_clear_error();
      int const result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (result == 1) {
        bytes.remove_prefix(sent);
        co_await socket_.be_fair();
      } else {
        int const reason = SSL_get_error(ssl_.get(), result);
        co_await wait_or_throw(reason);
      }
    }
  }

  task<void> wait_or_throw(int reason) {
    if (reason == SSL_ERROR_WANT_READ) return socket_.wait_readable();
    if (reason == SSL_ERROR_WANT_WRITE) return socket_.wait_writable();
    throw Error(Fault::disconnected, fmt::format("the TLS connection to {} broke: {}",
                                                 socket_.peer(), last_tls_error()));
  }

  Socket socket_;
  SslHandle ssl_;
  bool ended_ = false;
};

}  // namespace

std::string last_tls_error() {
  unsigned long const code = ERR_get_error();
  if (code == 0) return errno == 0 ? "the peer closed the connection" : std::strerror(errno);
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

void prepare_for_streams(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

task<std::unique_ptr<Stream>> shake_hands(Socket socket, SslHandle ssl, std::string name) {
  SSL_set_fd(ssl.get(), socket.fd());
  auto stream = std::make_unique<TlsStream>(std::move(socket), std::move(ssl));
  co_await stream->handshake(std::move(name));
  co_return stream;
}

}  // namespace net
