// Keeps pages in browsers away from a server without accounts. All clients that reach it may use
// it, but a page that such a client's browser shows may not.
#pragma once

#include "api/service.h"
#include "api/watch/own_address.h"

#include <string_view>

namespace api {

// A page's owner can give its name this server's address once the page is loaded (DNS rebinding):
// the page is of the same origin then, but its Host stays. So only addresses, localhost and the
// host of public_url are answered, in Host as in what trusted proxies tell of it. Health is told to
// all: load balancers name all sorts of hosts, and it holds no secret.
// `service` is borrowed.
http::Handler only_by_own_names(Service const& service, http::Handler handler);

// Whether a host, with or without a port, is an address, localhost or that of public_url.
bool is_own_name(std::string_view host, std::string_view public_url);

// Whether a call comes from a page of another origin, as far as browsers tell: by Sec-Fetch-Site,
// which they send to https and to this machine, or else by Origin.
bool is_of_other_page(http::Headers const& headers, OwnAddress const& own);

}  // namespace api
