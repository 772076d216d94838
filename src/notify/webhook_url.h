// The URL of a webhook, to which a request may have this server send things. Pure.
#pragma once

#include "http/url.h"
#include "net/reach.h"

#include <span>
#include <string_view>

namespace notify {

// Like http::parse_web_url(); Error{forbidden} for an address in the URL, or the name of this
// machine, that is neither public nor in an `allowed` network. Only connecting shows the address of
// another name.
http::WebUrl parse_webhook_url(std::string_view url, std::span<net::Network const> allowed);

}  // namespace notify
