// The Range header of a GET (RFC 9110, section 14). Pure.
#pragma once

#include "base/extent.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace http {

// The ranges that `header` asks of a body of `size` bytes, cut to the body, in the header's order.
// nullopt: the header is no valid bytes range, or has over limits::max_ranges of them, and is
// ignored (the answer is 200). Empty: no range can be satisfied (the answer is 416).
std::optional<std::vector<base::Extent>> parse_range(std::string_view header, std::uint64_t size);

// Joins ranges that overlap, or are no further apart than limits::max_range_gap; a joined range
// takes the place of its first one in the request (section 15.3.7.2).
std::vector<base::Extent> coalesce(std::vector<base::Extent> const& ranges);

}  // namespace http
