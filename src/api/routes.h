// The whole HTTP API on one screen.
#pragma once

#include "api/service.h"
#include "http/router.h"

namespace api {

// `service` is borrowed and outlives the router.
http::Router routes(Service const& service);
// The same, with what keeps strangers' pages away from a service that is open to all.
http::Handler api_handler(Service const& service);

// What is answered until there is a service: that the server is alive, but not ready.
http::Router routes_at_start(Monitor& monitor);

// What a client is told of an error: JSON for programs, a quiet page for people (quiet_page.h).
std::pair<http::Response, std::string> error_page(base::Error const& error,
                                                  http::Exchange const& exchange);

}  // namespace api
