// GET /api/events: all zips of an account that change, as Server-Sent Events. docs/guides/events.md
// describes them.
#pragma once

#include "api/service.h"
#include "api/zips/account_zips.h"

namespace api {

// `accounts` is of the process, and outlives the calls.
net::task<void> watch_zips(Service const& service, WatchedAccounts& accounts,
                           http::Exchange& exchange);

}  // namespace api
