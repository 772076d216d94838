#include "net/tls.h"

#include "base/error.h"
#include "net/tls_stream.h"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <openssl/x509v3.h>

namespace net {

using base::Error;
using base::Fault;

namespace {

bool is_ip_address(std::string const& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

TlsClient::TlsClient(std::string const& ca_file) : context_(SSL_CTX_new(TLS_client_method())) {
  auto* const context = static_cast<SSL_CTX*>(context_.get());
  base::check(context != nullptr, "SSL_CTX_new failed");
  prepare_for_streams(context);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context);
  if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) {
    throw Error(Fault::config, fmt::format("the CA file {} cannot be read as PEM certificates: {}",
                                           ca_file, last_tls_error()));
  }
}

TlsClient::~TlsClient() = default;

void TlsClient::Free::operator()(void* context) const {
  SSL_CTX_free(static_cast<SSL_CTX*>(context));
}

task<std::unique_ptr<Stream>> start_tls(Socket socket, TlsClient const& tls, std::string host) {
  SslHandle ssl(SSL_new(static_cast<SSL_CTX*>(tls.native())));
  base::check(ssl != nullptr, "SSL_new failed");
  SSL_set_connect_state(ssl.get());
  if (is_ip_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str());
  } else {
    SSL_set1_host(ssl.get(), host.c_str());
    SSL_set_tlsext_host_name(ssl.get(), host.c_str());
  }
  return shake_hands(std::move(socket), std::move(ssl), std::move(host));
}

}  // namespace net
