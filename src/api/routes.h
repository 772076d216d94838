// The whole HTTP API on one screen.
#pragma once

#include "api/service.h"
#include "http/router.h"

namespace api {

// `service` is borrowed and outlives the router.
http::Router routes(Service const& service);
// The same, but strangers' pages are kept away from a service that is open to all.
http::Handler api_handler(Service const& service);

// The routes until there is a service: the server is alive, but not ready.
http::Router routes_at_start(Monitor& monitor);

// The answer to an error: JSON for programs, a quiet page for people (quiet_page.h).
std::pair<http::Response, std::string> error_page(base::Error const& error,
                                                  http::Exchange const& exchange);

}  // namespace api
