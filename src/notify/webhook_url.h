// The URL of a webhook: where a request may have this server send things. Pure.
#pragma once

#include "http/url.h"
#include "net/reach.h"

#include <span>
#include <string_view>

namespace notify {

// As http::parse_web_url(); Error{forbidden} for an address that is neither public nor of an
// `allowed` network, where the URL has one or names this machine. Of other names only connecting
// shows it.
http::WebUrl parse_webhook_url(std::string_view url, std::span<net::Network const> allowed);

}  // namespace notify
