// POST /api/zips/{id}/retry: a zip that failed or was cancelled is made anew, as it was asked for.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> retry_zip(Service const& service, http::Exchange& exchange);

}  // namespace api
