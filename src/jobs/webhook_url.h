// The URL of a webhook: where a request may have this server send things. Pure.
#pragma once

#include "net/connect.h"
#include "net/reach.h"

#include <span>
#include <string>
#include <string_view>

namespace jobs {

struct WebhookUrl {
  bool tls = true;
  net::Address address;
  std::string host;    // as the Host header has it: with the port where it is not the scheme's
  std::string target;  // path and query, as they stand in the URL
  bool operator==(WebhookUrl const&) const = default;
};

// "https://example.com/hook?token=a". Error{bad_input} for anything else, user names and fragments
// among it; Error{forbidden} for an address that is neither public nor of an `allowed` network,
// where the URL has one or names this machine. Of other names only connecting shows it.
WebhookUrl parse_webhook_url(std::string_view url, std::span<net::Network const> allowed);

}  // namespace jobs
