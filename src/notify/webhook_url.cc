#include "notify/webhook_url.h"

#include "base/error.h"
#include "base/limits.h"

#include <optional>

namespace notify {

using base::Error;
using base::Fault;

namespace {

// Checks IP addresses and localhost here, as net::connect() takes these as they are.
void check_reach(std::string const& host, std::span<net::Network const> allowed) {
  std::optional<net::IpAddress> ip = net::parse_ip(host);
  std::string const dotted = "." + host;
  bool const is_local = dotted.ends_with(".localhost") || dotted.ends_with(".localhost.");
  if (is_local) ip = net::parse_ip("127.0.0.1");
  if (ip && !net::is_public(*ip) && !net::contains(allowed, *ip)) {
    throw Error(Fault::forbidden,
                "has an address that is not public; this server's configuration "
                "(webhook.allowed_networks) does not allow it");
  }
}

}  // namespace

http::WebUrl parse_webhook_url(std::string_view url, std::span<net::Network const> allowed) {
  http::WebUrl parsed = http::parse_web_url(url, base::limits::max_webhook_url_bytes);
  check_reach(parsed.address.host, allowed);
  return parsed;
}

}  // namespace notify
