// Which handler answers a path and method. Patterns are literal paths, or end in "/*" for all
// below. The first pattern that fits wins.
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
