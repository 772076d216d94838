// The description of the native API, docs/reference/openapi.json, as the server gives it to any
// client: the server's address in it begins with the proxy's path.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> get_openapi(Service const& service, http::Exchange& exchange);

}  // namespace api
