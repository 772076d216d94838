// Finds the call of S3 that a request makes.
#pragma once

#include "sandbox/buckets/call.h"

#include <string_view>

namespace sandbox {

struct Route {
  std::string_view name;  // AWS's, such as "GetObject"; empty: a call that reads a setting
  net::task<void> (*answer)(Call&);
};
// Throws NotImplemented, NoSuchVersion, MethodNotAllowed.
Route route_of(Call const& call);

}  // namespace sandbox
