#include "server/config_checks.h"

#include "base/error.h"
#include "net/connect.h"

#include <vector>

namespace server {

using base::Error;
using base::Fault;

namespace {

bool is_loopback(std::string const& address) {
  static std::vector<net::Network> const loopback{net::parse_network("127.0.0.0/8"),
                                                  net::parse_network("::1")};
  auto const ip = net::parse_ip(net::parse_address(address).host);
  return ip && net::contains(loopback, *ip);
}

// Without accounts the server's own credentials are for all clients that reach it.
void check_without_accounts(Config const& config) {
  if (!config.without_accounts) return;
  if (config.ec2_allowed_buckets.empty() && !config.ec2_any_bucket)
    throw Error(Fault::config, "auth.mode = none needs ec2.allowed_buckets: buckets, or * for all");
  if (!config.ec2_any_address && !is_loopback(config.listen))
    throw Error(Fault::config,
                "auth.mode = none needs a loopback address in listen, such as "
                "127.0.0.1:8080, or ec2.any_address = true");
  if (!config.cors_origins.empty())
    throw Error(Fault::config, "http.cors_origins needs auth.mode = accounts");
}

}  // namespace

void check_together(Config const& config) {
  if (config.tls_certificate_file.empty() != config.tls_key_file.empty()) {
    throw Error(Fault::config, config.tls_key_file.empty()
                                   ? "tls.certificate_file needs tls.key_file"
                                   : "tls.key_file needs tls.certificate_file");
  }
  if (!config.tls_redirect_listen.empty() && config.tls_key_file.empty())
    throw Error(Fault::config, "tls.redirect_listen needs tls.certificate_file and tls.key_file");
  if (!config.mail.url.empty() && config.mail.from.empty())
    throw Error(Fault::config, "mail.url needs mail.from, the sender's address");
  // The Host of a request, which any client can choose, must not become a link in a mail of ours.
  if (!config.mail.url.empty() && config.public_url.empty())
    throw Error(Fault::config, "mail.url needs public_url: mails carry links to this server");
  check_without_accounts(config);
}

bool listens_beyond_loopback(Config const& config) {
  return !is_loopback(config.listen);
}

}  // namespace server
