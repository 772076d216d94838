// The cost of a zip before it is made: the S3 calls by kind, and their price by Amazon's list.
// Pure.
#pragma once

#include "archive/plan/plan.h"
#include "archive/selection.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace archive {

// Prices of requests, as `price_list` says: in US dollars a request.
inline constexpr std::string_view price_list =
    "Amazon S3 Standard, us-east-1, price list of 2025: $0.005 per 1,000 PUT, COPY, POST and LIST "
    "requests, $0.0004 per 1,000 GET and HEAD requests";
inline constexpr double dollars_per_write = 0.005 / 1000;
inline constexpr double dollars_per_read = 0.0004 / 1000;

struct CallCount {
  std::string_view name;  // as the S3 API reference has it
  std::uint64_t count = 0;
  double dollars = 0;  // for all of them
  bool operator==(CallCount const&) const = default;
};

// The calls of the lookups, which have been made, and those that make the archive, without retries.
// Kinds without a call are left out. `part_bytes`: set for a zip that goes into a bucket.
std::vector<CallCount> count_calls(Plan const& plan, LookupCalls const& lookups,
                                   std::optional<std::uint64_t> part_bytes);

}  // namespace archive
