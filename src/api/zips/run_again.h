// What a zip or a link was asked for, and zips that are made anew.
#pragma once

#include "api/service.h"

namespace api {

// GET /api/zips/{id}/request and /api/streams/{id}/request: the call that made it (made_by.h).
net::task<void> zip_request(Service const& service, http::Exchange& exchange);
net::task<void> link_request(Service const& service, http::Exchange& exchange);

// POST /api/zips/{id}/retry: a zip that failed or was cancelled is made anew, as it was asked for.
net::task<void> retry_zip(Service const& service, http::Exchange& exchange);
// POST /api/zips/{id}/again: a new zip of what another was asked for, in whatever state that is.
// Nobody is told of its end.
net::task<void> make_zip_again(Service const& service, http::Exchange& exchange);

}  // namespace api
