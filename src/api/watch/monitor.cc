#include "api/watch/monitor.h"

#include "api/watch/client_address.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"

#include <algorithm>
#include <chrono>

namespace api {
namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t most_of_a_method = 16;

// Whether the id is fit for a log, a header line and a comment in User-Agent.
bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= base::limits::max_request_id_bytes &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("-_.:=+/@").find(c) != std::string_view::npos;
         });
}

std::string id_of(http::Request const& request, std::string_view peer,
                  std::vector<net::Network> const& trusted_proxies) {
  std::string_view const given = base::trim(request.headers.get("x-request-id"));
  if (is_request_id(given) && comes_from(peer, trusted_proxies)) return std::string(given);
  return base::hex(base::as_bytes(base::random_bytes(id_bytes)));
}

// Load balancers and Prometheus ask these routes every few seconds.
bool is_probe(std::string_view route) {
  return route == "/healthz" || route == "/readyz" || route == "/metrics";
}

// Logs the route rather than the path: a link has its secret there.
void log_access(http::Exchange const& exchange) {
  std::string_view const route = route_of(exchange);
  auto const level = is_probe(route) ? base::LogLevel::debug : base::LogLevel::info;
  if (!base::logs(level)) return;
  std::string_view const method = exchange.request().method;
  bool const cut = exchange.started() && !exchange.complete();
  auto const age = std::chrono::duration_cast<std::chrono::microseconds>(exchange.age());
  base::log(level, "request",
            {{"method", method.substr(0, most_of_a_method)},
             {"route", route},
             {"status", static_cast<std::uint64_t>(exchange.status())},
             {"bytes", exchange.body_bytes_sent()},
             {"duration_us", static_cast<std::uint64_t>(age.count())},
             {"outcome", cut ? "cut" : ""},
             {"request_id", exchange.id()}});
}

}  // namespace

http::Watch watch(Monitor& monitor, std::vector<net::Network> trusted_proxies) {
  auto const name = [trusted = std::move(trusted_proxies)](http::Request const& request,
                                                           std::string_view peer) {
    return id_of(request, peer, trusted);
  };
  auto const ended = [&monitor](http::Exchange const& exchange) {
    monitor.requests.note(exchange);
    log_access(exchange);
  };
  return {name, ended};
}

}  // namespace api
