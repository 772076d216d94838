#include "api/ops/health.h"

namespace api {
namespace {

net::task<void> say(http::Exchange& exchange, int status, std::string text) {
  http::Response head;
  head.status = status;
  head.headers.add("Content-Type", "text/plain; charset=utf-8");
  head.headers.add("Cache-Control", "no-store");
  co_await exchange.respond(std::move(head), std::move(text));
}

net::task<void> say_whether_ready(http::Exchange& exchange, std::optional<std::string> obstacle) {
  if (!obstacle) return say(exchange, 200, "ready\n");
  return say(exchange, 503, *obstacle + "\n");
}

}  // namespace

net::task<void> healthz(http::Exchange& exchange) {
  return say(exchange, 200, "ok\n");
}

net::task<void> readyz(Service const& service, http::Exchange& exchange) {
  auto const obstacle = co_await service.monitor.readiness.look(service.store.upkeep);
  co_await say_whether_ready(exchange, obstacle);
}

net::task<void> readyz_at_start(Monitor& monitor, http::Exchange& exchange) {
  std::optional<std::string> obstacle;
  if (auto const known = monitor.readiness.obstacle()) obstacle = *known;
  return say_whether_ready(exchange, std::move(obstacle));
}

}  // namespace api
