// The whole HTTP API on one screen.
#pragma once

#include "api/service.h"
#include "http/router.h"

#include <utility>
#include <vector>

namespace api {

// `service` is borrowed and outlives the handlers.
std::vector<http::Route> routes(Service const& service);
// The handler of these and of further routes behind them; `otherwise` answers where none fits.
// Strangers' pages are kept away from a service that is open to all.
http::Handler handler(Service const& service, std::vector<http::Route> further,
                      http::Handler otherwise);

// The routes until there is a service: the server is alive, but not ready.
http::Router routes_at_start(Monitor& monitor);

// The answer to an error: JSON for programs, a quiet page for people (quiet_page.h).
std::pair<http::Response, std::string> error_page(base::Error const& error,
                                                  http::Exchange const& exchange);

}  // namespace api
