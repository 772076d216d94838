// What operators see of the server while it runs: counts for metrics, whether it is ready, a line
// in the log for each request. Made by server/ before anything else of the service; thread-safe.
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
  // Who may read /metrics at the API's address; nobody, unless the configuration says so, nor where
  // it has an address of its own.
  std::vector<net::Network> metrics_networks;
  RequestCounts requests = {};
  base::Counter streamed_bytes = {};  // of archives, to clients of links
  Readiness readiness = {};
};

// Names the requests, counts them and logs each. An X-Request-Id that is well formed is taken over
// from `trusted_proxies`. The monitor is borrowed.
http::Watch watch(Monitor& monitor, std::vector<net::Network> trusted_proxies);

}  // namespace api
