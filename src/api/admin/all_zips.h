// An administrator's calls on the zips of all accounts.
#pragma once

#include "api/service.h"

namespace api {

// GET /api/admin/zips: those that have not ended, the next to go on first.
net::task<void> list_unended_zips(Service const& service, http::Exchange& exchange);
// POST /api/admin/zips/{id}/cancel
net::task<void> cancel_any_zip(Service const& service, http::Exchange& exchange);

}  // namespace api
