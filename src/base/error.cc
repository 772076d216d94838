#include "base/error.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace base {
namespace {

constexpr std::array<FaultTraits, fault_count> table{{
    {Fault::bad_input, "bad_input", 400, 65},
    {Fault::unauthorized, "unauthorized", 401, 77},
    {Fault::forbidden, "forbidden", 403, 77},
    {Fault::not_found, "not_found", 404, 66},
    {Fault::method_not_allowed, "method_not_allowed", 405, 70},
    {Fault::conflict, "conflict", 409, 65},
    {Fault::gone, "gone", 410, 66},
    {Fault::too_large, "too_large", 413, 65},
    {Fault::unsupported_media_type, "unsupported_media_type", 415, 65},
    {Fault::throttled, "throttled", 429, 75},
    {Fault::unavailable, "unavailable", 503, 69},
    {Fault::timeout, "timeout", 504, 75},
    {Fault::disconnected, "disconnected", 502, 75},
    {Fault::changed, "changed", 409, 65},
    {Fault::corrupt, "corrupt", 502, 65},
    {Fault::cancelled, "cancelled", 409, 75},
    {Fault::config, "config", 500, 78},
    {Fault::internal, "internal", 500, 70},
}};

}  // namespace

FaultTraits const& traits(Fault fault) {
  for (FaultTraits const& row : table) {
    if (row.fault == fault) return row;
  }
  return table.back();
}

Error with_context(std::string_view context, Error const& error) {
  return Error(error.fault(), std::string(context) + ": " + error.what(), error.code());
}

void check(bool condition, char const* what) {
  if (condition) return;
  std::fprintf(stderr, "s3zipper: broken invariant: %s\n", what);
  std::abort();
}

}  // namespace base
