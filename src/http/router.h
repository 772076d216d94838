// Finds the handler for a path and method. Patterns are literal paths, in which a segment may be a
// parameter, "{id}", and which may end in "/*" for all below. The first pattern that fits wins.
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

// The value in the request's path of a parameter of the answering route, percent-decoded; "*" is
// all below.
// Error{bad_input} if it cannot be decoded.
std::string path_parameter(Exchange const& exchange, std::string_view name);

// The error of a path at which there is nothing.
base::Error nothing_at(Request const& request);

class Router {
 public:
  // `otherwise` answers where no pattern fits the path; if there is none, an error does.
  explicit Router(std::vector<Route> routes, Handler otherwise = {})
      : routes_(std::move(routes)), otherwise_(std::move(otherwise)) {}

  // Error{not_found} if no pattern fits the path, {method_not_allowed} if only the method does not
  // fit. A slash at the end of a path makes no difference.
  net::task<void> operator()(Exchange& exchange) const;

 private:
  std::vector<Route> routes_;
  Handler otherwise_;
};

}  // namespace http
