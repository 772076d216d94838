#include "http/router.h"

#include "base/text.h"

#include <fmt/format.h>

namespace http {
namespace {

// Cuts the first segment off `path` and returns it; both begin with a slash.
std::string_view take_segment(std::string_view& path) {
  std::string_view const segment = path.substr(1, path.find('/', 1) - 1);
  path.remove_prefix(segment.size() + 1);
  return segment;
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

// A pattern of all below; `path` goes on behind its last slash.
bool fits_all_below(std::string_view pattern, std::string_view path) {
  while (pattern != "/*") {
    if (path.empty()) return false;
    std::string_view const wanted = take_segment(pattern);
    std::string_view const segment = take_segment(path);
    if (is_parameter(wanted) ? segment.empty() : segment != wanted) return false;
  }
  return path.starts_with('/');
}

bool fits(std::string_view pattern, std::string_view path) {
  if (pattern.ends_with("/*")) return fits_all_below(pattern, path);
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (pattern.find('{') == std::string_view::npos) return path == pattern;
  while (!pattern.empty() && !path.empty()) {
    std::string_view const wanted = take_segment(pattern);
    std::string_view const segment = take_segment(path);
    if (is_parameter(wanted) ? segment.empty() : segment != wanted) return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::string path_parameter(Exchange const& exchange, std::string_view name) {
  std::string_view pattern = exchange.route();
  std::string_view path = exchange.request().path();
  while (!pattern.empty() && !path.empty()) {
    std::string_view const rest = path.substr(1);
    std::string_view const wanted = take_segment(pattern);
    std::string_view const segment = take_segment(path);
    bool const is_it = is_parameter(wanted) && wanted.substr(1, wanted.size() - 2) == name;
    bool const is_rest = wanted == "*" && name == "*";
    if (!is_it && !is_rest) continue;
    auto const decoded = base::percent_decode(is_rest ? rest : segment);
    if (!decoded)
      throw base::Error(base::Fault::bad_input,
                        fmt::format("{} in the path is not percent-encoded well", name));
    return *decoded;
  }
  return "";
}

base::Error nothing_at(Request const& request) {
  return base::Error(base::Fault::not_found,
                     fmt::format("there is nothing at {}", shown_path(request.path())));
}

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
  if (otherwise_) return otherwise_(exchange);
  throw nothing_at(request);
}

}  // namespace http
