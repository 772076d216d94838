// Which handler answers a path and method. Patterns are literal paths, in which a segment may be a
// parameter, "{id}", or end in "/*" for all below. The first pattern that fits wins.
#pragma once

#include "http/server.h"

#include <string>
#include <string_view>
#include <vector>

namespace http {

struct Route {
  std::string method;  // "GET" also answers HEAD
  std::string pattern;
  Handler handler;
};

// What stands in the request's path for a parameter of the route that answers, percent-decoded.
// Error{bad_input} where it cannot be.
std::string path_parameter(Exchange const& exchange, std::string_view name);

class Router {
 public:
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

  // Error{not_found} where no pattern fits the path, {method_not_allowed} where only the method
  // does not. A slash at the end of a path is no difference.
  net::task<void> operator()(Exchange& exchange) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace http
