// GET /api/zips/{id}/report and /api/streams/{id}/report: a line for each entry, streamed out as
// CSV or, with ?format=jsonLines, as JSON Lines.
#pragma once

#include "api/service.h"

#include <string>

namespace api {

net::task<void> zip_report(Service const& service, http::Exchange& exchange);
net::task<void> link_report(Service const& service, http::Exchange& exchange);

}  // namespace api
