// The description of the native API, docs/openapi.json, as the server gives it to whoever asks.
#pragma once

#include "http/server.h"

namespace api {

net::task<void> get_openapi(http::Exchange& exchange);

}  // namespace api
