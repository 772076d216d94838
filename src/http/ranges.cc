#include "http/ranges.h"

#include "base/limits.h"
#include "base/text.h"

#include <algorithm>
#include <limits>

namespace http {

namespace {

// The text must be digits; a number that no offset can have counts as the largest.
std::optional<std::uint64_t> parse_position(std::string_view text) {
  bool const digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (!digits) return std::nullopt;
  return base::parse_uint(text).value_or(std::numeric_limits<std::uint64_t>::max());
}

// One range-spec: first and last position; without a first one, `last` counts from the end.
struct Spec {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;
};

std::optional<Spec> parse_spec(std::string_view text) {
  std::size_t const dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  std::string_view const before = text.substr(0, dash);
  std::string_view const behind = text.substr(dash + 1);
  Spec const spec{parse_position(before), parse_position(behind)};
  bool const valid = (spec.first || before.empty()) && (spec.last || behind.empty());
  if (!valid || (!spec.first && !spec.last)) return std::nullopt;
  if (spec.first && spec.last && *spec.last < *spec.first) return std::nullopt;
  return spec;
}

// The part of the spec within a body of `size` bytes; empty if there is none.
base::Extent cut(Spec const& spec, std::uint64_t size) {
  if (!spec.first) {
    std::uint64_t const count = std::min(*spec.last, size);
    return {size - count, count};
  }
  if (*spec.first >= size) return {};
  std::uint64_t const end = spec.last && *spec.last < size - 1 ? *spec.last + 1 : size;
  return {*spec.first, end - *spec.first};
}

}  // namespace

std::optional<std::vector<base::Extent>> parse_range(std::string_view header, std::uint64_t size) {
  header = base::trim(header);
  constexpr std::string_view unit = "bytes=";
  if (!base::equals_ignoring_case(header.substr(0, unit.size()), unit)) return std::nullopt;
  std::vector<base::Extent> ranges;
  std::size_t count = 0;
  for (std::string_view text : base::split(header.substr(unit.size()), ',')) {
    text = base::trim(text);
    if (text.empty()) continue;  // lists may have empty elements (section 5.6.1)
    auto const spec = parse_spec(text);
    if (!spec || ++count > base::limits::max_ranges) return std::nullopt;
    base::Extent const range = cut(*spec, size);
    if (range.size > 0) ranges.push_back(range);
  }
  if (count == 0) return std::nullopt;
  return ranges;
}

std::vector<base::Extent> coalesce(std::vector<base::Extent> const& ranges) {
  struct Merged {
    base::Extent range;
    std::size_t place;
  };
  std::vector<Merged> by_offset;
  for (base::Extent const& range : ranges) by_offset.push_back({range, by_offset.size()});
  std::ranges::sort(by_offset, {}, [](Merged const& one) { return one.range.offset; });
  std::vector<Merged> merged;
  for (Merged const& next : by_offset) {
    bool const apart = merged.empty() ||
                       next.range.offset > merged.back().range.end() + base::limits::max_range_gap;
    if (apart) {
      merged.push_back(next);
      continue;
    }
    Merged& last = merged.back();
    last.range.size = std::max(last.range.end(), next.range.end()) - last.range.offset;
    last.place = std::min(last.place, next.place);
  }
  std::ranges::sort(merged, {}, &Merged::place);
  std::vector<base::Extent> out;
  for (Merged const& one : merged) out.push_back(one.range);
  return out;
}

}  // namespace http
