// GET /api/zips/{id}/events: a zip's states and progress as Server-Sent Events (WHATWG HTML,
// 9.2), until it has ended.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> watch_zip(Service const& service, http::Exchange& exchange);

}  // namespace api
