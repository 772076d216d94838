// The questions of load balancers and supervisors: /healthz, whether the process is alive, and
// /readyz, whether it should be sent requests.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> healthz(http::Exchange& exchange);
// Answers 200, or 503 with the reason.
net::task<void> readyz(Service const& service, http::Exchange& exchange);
net::task<void> readyz_at_start(Monitor& monitor, http::Exchange& exchange);

}  // namespace api
