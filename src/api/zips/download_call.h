// POST /api/streams?download=1: one call that answers the zip itself, for programs and for forms in
// browsers.
#pragma once

#include "api/service.h"

namespace api {

// Whether the request asks for this call. Error{bad_input} for another value of download.
bool asks_for_download(http::Request const& request);

net::task<void> download_at_once(Service const& service, http::Exchange& exchange);

}  // namespace api
