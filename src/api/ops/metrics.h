// /metrics, as Prometheus reads it. docs/reference/metrics.md has every name; labels have few
// values, and none that a client or an object store chooses.
#pragma once

#include "api/service.h"

namespace api {

// Answers at a listener of its own: every client that reaches it may read.
net::task<void> metrics(Service const& service, http::Exchange& exchange);
// Answers at the API's listener: Error{not_found} for all but Monitor::metrics_networks, and for
// proxies' clients.
net::task<void> metrics_for_trusted(Service const& service, http::Exchange& exchange);

}  // namespace api
