// The description of the native API, docs/reference/openapi.json, as the server gives it to whoever
// asks: its server is below the path that a proxy has it at.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> get_openapi(Service const& service, http::Exchange& exchange);

}  // namespace api
