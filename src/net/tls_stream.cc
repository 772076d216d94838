#include "net/tls_stream.h"

#include "base/error.h"
#include "net/connect.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
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

// The most bytes that one record carries (RFC 8446, 5.1).
constexpr std::size_t record_bytes = 16 * 1024;
// The socket is read, and written, this many bytes at a time: a system call for each record would
// cost more than the encryption.
constexpr std::size_t read_at_a_time = 64 * 1024;
constexpr long written_at_a_time = 128 * 1024;

// While it lives, the connection's writes are gathered; flush() passes on the rest.
class GatheredWrites {
 public:
  explicit GatheredWrites(SSL* ssl) : ssl_(ssl), socket_(SSL_get_wbio(ssl)) {
    BIO* const buffer = BIO_new(BIO_f_buffer());
    base::check(buffer != nullptr && BIO_set_write_buffer_size(buffer, written_at_a_time) == 1,
                "OpenSSL has memory");
    BIO_up_ref(socket_);
    SSL_set0_wbio(ssl_, BIO_push(buffer, socket_));
  }
  ~GatheredWrites() {
    BIO_up_ref(socket_);
    SSL_set0_wbio(ssl_, socket_);
  }
  GatheredWrites(GatheredWrites const&) = delete;
  GatheredWrites& operator=(GatheredWrites const&) = delete;

  // False if the socket is full, or broken.
  bool flush() { return BIO_flush(SSL_get_wbio(ssl_)) == 1; }
  bool is_full() const { return BIO_should_retry(SSL_get_wbio(ssl_)) != 0; }

 private:
  SSL* ssl_;
  BIO* socket_;
};

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
        bool const refused = verdict != X509_V_OK;
        std::string const why = refused ? X509_verify_cert_error_string(verdict) : last_tls_error();
        throw Error(Fault::unavailable, fmt::format("TLS with {} failed: {}", name, why),
                    refused ? std::string(untrusted_peer) : "");
      }
    }
  }

  task<std::size_t> read_some(std::span<char> into) override {
    std::size_t got = 0;
    for (;;) {
      int const reason = read_records(into, got);
      if (got > 0) {
        if (socket_.had_its_turn()) co_await yield();
        co_return got;
      }
      if (reason == SSL_ERROR_ZERO_RETURN) co_return 0;
      co_await wait_or_throw(reason);
    }
  }

  task<void> write(std::span<std::string_view const> pieces) override {
    auto const add = [](std::size_t sum, std::string_view piece) { return sum + piece.size(); };
    std::size_t const bytes = std::accumulate(pieces.begin(), pieces.end(), std::size_t{0}, add);
    if (bytes <= record_bytes) co_return co_await write_records(pieces);
    check_open();
    GatheredWrites gathered(ssl_.get());
    co_await write_records(pieces);
    co_await flush(gathered);
  }

  task<void> write_file(int file, std::uint64_t offset, std::uint64_t count) override {
    std::vector<char> buffer(written_at_a_time);
    while (count > 0) {
      std::size_t const most = std::min<std::uint64_t>(count, buffer.size());
      ssize_t const got = ::pread(file, buffer.data(), most, static_cast<off_t>(offset));
      if (got <= 0) throw Error(Fault::corrupt, "a file became shorter while it was sent");
      std::string_view const pieces[] = {{buffer.data(), static_cast<std::size_t>(got)}};
      co_await write(pieces);
      offset += pieces[0].size();
      count -= pieces[0].size();
    }
  }

  void set_idle_timeout(std::chrono::milliseconds timeout) override {
    socket_.set_idle_timeout(timeout);
  }
  bool quiet() const override { return SSL_has_pending(ssl_.get()) == 0 && socket_.quiet(); }
  bool peer_ended() const override {
    if (!socket_.is_open() || socket_.peer_ended()) return true;
    // TLS says good-bye in a record of its own, which the socket shows as bytes.
    char byte = 0;
    ERR_clear_error();
    int const got = SSL_peek(ssl_.get(), &byte, 1);
    if (got > 0) return false;
    int const reason = SSL_get_error(ssl_.get(), got);
    ERR_clear_error();
    return reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE;
  }
  void end_writing() override {
    // A second SSL_shutdown would read bytes that the peer still sends.
    if (!socket_.is_open() || std::exchange(ended_, true)) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    socket_.end_writing();
  }
  void close() override { socket_.close(); }
  void reset() override { socket_.reset(); }
  std::string_view peer() const override { return socket_.peer(); }

 private:
  // OpenSSL has the descriptor's number: once closed, it may be another connection's.
  void check_open() const {
    if (!socket_.is_open()) throw base::Cancelled();
  }

  // Reads records until the room is full or no more are there; adds to `got`. Returns
  // SSL_get_error's reason why there are no more, or SSL_ERROR_NONE.
  int read_records(std::span<char> into, std::size_t& got) {
    check_open();
    while (got < into.size()) {
      std::size_t read = 0;
      ERR_clear_error();
      int const result = SSL_read_ex(ssl_.get(), into.data() + got, into.size() - got, &read);
      if (result != 1) return SSL_get_error(ssl_.get(), result);
      got += read;
    }
    return SSL_ERROR_NONE;
  }

  // All records but the last are full: each SSL_write makes a record of its own, so small pieces
  // are joined.
  task<void> write_records(std::span<std::string_view const> pieces) {
    std::string record;
    for (std::string_view piece : pieces) {
      while (!piece.empty()) {
        if (record.empty() && piece.size() >= record_bytes) {
          std::size_t const whole = piece.size() / record_bytes * record_bytes;
          co_await write_all(piece.substr(0, whole));
          piece.remove_prefix(whole);
          continue;
        }
        std::size_t const fits = std::min(record_bytes - record.size(), piece.size());
        record += piece.substr(0, fits);
        piece.remove_prefix(fits);
        if (record.size() < record_bytes) continue;
        co_await write_all(record);
        record.clear();
      }
    }
    co_await write_all(record);
  }

  task<void> flush(GatheredWrites& gathered) {
    for (;;) {
      check_open();
      if (gathered.flush()) co_return;
      if (!gathered.is_full()) throw_broken();
      co_await socket_.wait_writable();
    }
  }

  task<void> write_all(std::string_view bytes) {
    while (!bytes.empty()) {
      std::size_t sent = 0;
      check_open();
      ERR_clear_error();
      int const result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (result == 1) {
        bytes.remove_prefix(sent);
        if (socket_.had_its_turn()) co_await yield();
      } else {
        int const reason = SSL_get_error(ssl_.get(), result);
        co_await wait_or_throw(reason);
      }
    }
  }

  task<void> wait_or_throw(int reason) {
    if (reason == SSL_ERROR_WANT_READ) return socket_.wait_readable();
    if (reason == SSL_ERROR_WANT_WRITE) return socket_.wait_writable();
    throw_broken();
  }

  [[noreturn]] void throw_broken() const {
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
  // This saves some 80 KiB a connection while no byte moves.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, read_at_a_time);
}

task<std::unique_ptr<Stream>> shake_hands(Socket socket, SslHandle ssl, std::string name) {
  SSL_set_fd(ssl.get(), socket.fd());
  auto stream = std::make_unique<TlsStream>(std::move(socket), std::move(ssl));
  co_await stream->handshake(std::move(name));
  co_return stream;
}

}  // namespace net
