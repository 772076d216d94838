// The operators' view of the running server: counts for metrics, whether it is ready, a line in the
// log for each request. Made by server/ before anything else of the service; thread-safe.
#pragma once

#include "api/watch/readiness.h"
#include "api/watch/request_counts.h"
#include "base/tally.h"
#include "http/server.h"
#include "net/reach.h"

#include <string>
#include <vector>

namespace api {

struct Monitor {
  std::string version;
  // The networks that may read /metrics at the API's address: none, unless the configuration names
  // them, and none if /metrics has an address of its own.
  std::vector<net::Network> metrics_networks;
  RequestCounts requests = {};
  base::Counter streamed_bytes = {};  // of archives, to clients of links
  Readiness readiness = {};
};

// Names the requests, counts them and logs each. An X-Request-Id that is well formed is taken over
// from `trusted_proxies`. The monitor is borrowed.
http::Watch watch(Monitor& monitor, std::vector<net::Network> trusted_proxies);

}  // namespace api
