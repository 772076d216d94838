#include "http/router.h"

#include <fmt/format.h>

namespace http {
namespace {

bool fits(std::string_view pattern, std::string_view path) {
  if (pattern.ends_with("/*")) return path.starts_with(pattern.substr(0, pattern.size() - 1));
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path == pattern;
}

}  // namespace

net::task<void> Router::operator()(Exchange& exchange) const {
  Request const& request = exchange.request();
  std::string allowed;
  for (Route const& route : routes_) {
    if (!fits(route.pattern, request.path())) continue;
    exchange.set_route(route.pattern);
    bool const same =
        route.method == request.method || (route.method == "GET" && request.method == "HEAD");
    if (same) return route.handler(exchange);
    allowed += (allowed.empty() ? "" : ", ") + route.method;
  }
  if (!allowed.empty()) {
    exchange.promise("Allow", allowed);
    throw base::Error(
        base::Fault::method_not_allowed,
        fmt::format("{} does not take {}", shown_path(request.path()), request.method));
  }
  throw base::Error(base::Fault::not_found,
                    fmt::format("there is nothing at {}", shown_path(request.path())));
}

}  // namespace http
