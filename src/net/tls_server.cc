#include "net/tls_server.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/deadline.h"
#include "net/tls_stream.h"

#include <array>
#include <string_view>
#include <sys/stat.h>
#include <tuple>

#include <fmt/format.h>
#include <openssl/err.h>

namespace net {

using base::Error;
using base::Fault;

namespace {

using ContextHandle = std::shared_ptr<SSL_CTX>;

// The version of a file; all zero if there is no file.
using FileStamp = std::tuple<ino_t, off_t, time_t, long>;
using PairStamp = std::pair<FileStamp, FileStamp>;

FileStamp stamp_of(std::string const& path) {
  struct stat file{};
  if (::stat(path.c_str(), &file) != 0) return {};
  return {file.st_ino, file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec};
}

// The server speaks HTTP/1.1 only (RFC 7301).
int select_protocol(SSL*, unsigned char const** chosen, unsigned char* chosen_size,
                    unsigned char const* offered, unsigned offered_size, void*) {
  constexpr std::string_view ours = "\x08http/1.1";
  auto const* const own = reinterpret_cast<unsigned char const*>(ours.data());
  unsigned char* found = nullptr;
  int const result =
      SSL_select_next_proto(&found, chosen_size, own, ours.size(), offered, offered_size);
  if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

// Refuses a key with a passphrase, rather than ask for it on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

ContextHandle make_context() {
  ContextHandle context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  base::check(context != nullptr, "SSL_CTX_new failed");
  prepare_for_streams(context.get());
  // TLS 1.2 gets only ciphers like TLS 1.3's: with forward secrecy, authenticated encryption.
  int const set = SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  base::check(set == 1, "OpenSSL knows these ciphers");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  return context;
}

ContextHandle load(std::string const& certificate_file, std::string const& key_file) {
  ContextHandle context = make_context();
  ERR_clear_error();
  errno = 0;
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    throw Error(Fault::config,
                fmt::format("tls.certificate_file: {} cannot be read as PEM certificates: {}",
                            certificate_file, last_tls_error()));
  }
  // A key that does not fit the certificate gets an error of its own here.
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    throw Error(Fault::config, fmt::format("tls.key_file: {} cannot be read as the private key, "
                                           "without passphrase, of tls.certificate_file: {}",
                                           key_file, last_tls_error()));
  }
  return context;
}

class Counted {
 public:
  explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(Counted const&) = delete;
  Counted& operator=(Counted const&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

}  // namespace

struct TlsServer::State {
  PairStamp stamp() const { return {stamp_of(certificate_file), stamp_of(key_file)}; }

  std::string certificate_file;
  std::string key_file;
  std::mutex reloading;
  PairStamp read_at;  // guarded by `reloading`, like last_seen
  PairStamp last_seen;
  std::mutex mutex;
  ContextHandle context;  // guarded by `mutex`
};

TlsServer::TlsServer(std::string certificate_file, std::string key_file)
    : state_(std::make_unique<State>()) {
  state_->certificate_file = std::move(certificate_file);
  state_->key_file = std::move(key_file);
  state_->read_at = state_->last_seen = state_->stamp();
  state_->context = load(state_->certificate_file, state_->key_file);
}

TlsServer::~TlsServer() = default;

void TlsServer::reload(When when) {
  std::lock_guard const one_at_a_time(state_->reloading);
  PairStamp const stamp = state_->stamp();
  bool const settled = stamp == std::exchange(state_->last_seen, stamp);
  if (when == When::changed && (stamp == state_->read_at || !settled)) return;
  state_->read_at = stamp;
  try {
    ContextHandle context = load(state_->certificate_file, state_->key_file);
    std::lock_guard const lock(state_->mutex);
    state_->context.swap(context);
  } catch (Error const& error) {
    base::log_error(fmt::format("the certificate stays the old one: {}", error.what()));
    return;
  }
  base::log_info(fmt::format("the certificate was read again from {}", state_->certificate_file));
}

std::shared_ptr<void> TlsServer::context() const {
  std::lock_guard const lock(state_->mutex);
  return state_->context;
}

task<std::unique_ptr<Stream>> accept_tls(Socket socket, TlsServer& tls,
                                         std::chrono::milliseconds time) {
  Counted const counted(tls.shaking_hands);
  std::string peer(socket.peer());
  if (tls.shaking_hands > base::limits::max_connections)
    throw Error(Fault::unavailable, peer + " was not answered: too many are shaking hands");
  std::shared_ptr<void> const context = tls.context();
  SslHandle ssl(SSL_new(static_cast<SSL_CTX*>(context.get())));
  base::check(ssl != nullptr, "SSL_new failed");
  SSL_set_accept_state(ssl.get());
  std::string what = "TLS with " + peer;
  task<std::unique_ptr<Stream>> shaking =
      shake_hands(std::move(socket), std::move(ssl), std::move(peer));
  co_return co_await with_deadline(std::move(shaking), time, std::move(what));
}

}  // namespace net
