#include "api/watch/request_counts.h"

namespace api {

std::string_view route_of(http::Exchange const& exchange) {
  return exchange.route().empty() ? "other" : exchange.route();
}

void RequestCounts::note(http::Exchange const& exchange) {
  Route& route = find(route_of(exchange));
  auto const first_digit = static_cast<std::size_t>(exchange.status()) / 100;
  route.by_status.at(first_digit).add();
  if (exchange.started() && !exchange.complete()) route.cut.add();
  if (auto const time = exchange.first_byte_after()) route.first_byte.note(*time);
}

std::vector<std::pair<std::string_view, RequestCounts::Route const*>> RequestCounts::routes()
    const {
  std::scoped_lock const lock(mutex_);
  std::vector<std::pair<std::string_view, Route const*>> all;
  for (auto const& [name, route] : routes_) all.emplace_back(name, &route);
  return all;
}

RequestCounts::Route& RequestCounts::find(std::string_view name) {
  std::scoped_lock const lock(mutex_);
  auto const found = routes_.find(name);
  if (found != routes_.end()) return found->second;
  return routes_[std::string(name)];
}

}  // namespace api
