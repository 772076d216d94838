// The Range header of a GET (RFC 9110, section 14). Pure.
#pragma once

#include "base/extent.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace http {

// The ranges that `header` asks of a body of `size` bytes, cut to what exists, in its order.
// nullopt: not a valid bytes range, or over limits::max_ranges of them, to be ignored (the answer
// is 200). Empty: none of them can be satisfied (the answer is 416).
std::optional<std::vector<base::Extent>> parse_range(std::string_view header, std::uint64_t size);

// Ranges that overlap, or are no further apart than limits::max_range_gap, as one, which stands
// where the first of them was asked for (section 15.3.7.2).
std::vector<base::Extent> coalesce(std::vector<base::Extent> const& ranges);

}  // namespace http
