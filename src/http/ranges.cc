#include "http/ranges.h"

#include "base/text.h"

#include <algorithm>

namespace http {

std::optional<std::vector<ByteRange>> parse_range(std::string_view header, std::uint64_t size) {
  header = base::trim(header);
  constexpr std::string_view unit = "bytes=";
  if (!base::equals_ignoring_case(header.substr(0, unit.size()), unit)) return std::nullopt;
  std::vector<ByteRange> ranges;
  for (std::string_view spec : base::split(header.substr(unit.size()), ',')) {
    spec = base::trim(spec);
    std::size_t const dash = spec.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    auto const first = base::parse_uint(spec.substr(0, dash));
    auto const last = base::parse_uint(spec.substr(dash + 1));
    bool const has_first = dash > 0;
    bool const has_last = dash + 1 < spec.size();
    if ((has_first && !first) || (has_last && !last) || (!has_first && !has_last))
      return std::nullopt;
    if (!has_first) {  // the last n bytes
      std::uint64_t const count = std::min(*last, size);
      if (count > 0) ranges.push_back({size - count, count});
      continue;
    }
    if (has_last && *last < *first) return std::nullopt;
    if (*first >= size) continue;
    std::uint64_t const end = has_last && *last < size - 1 ? *last + 1 : size;
    ranges.push_back({*first, end - *first});
  }
  return ranges;
}

}  // namespace http
