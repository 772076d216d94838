#include "base/duration.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace base {
namespace {

struct Unit {
  std::string_view name;
  double milliseconds;
};
constexpr std::array<Unit, 7> units{
    {{"ms", 1}, {"s", 1e3}, {"", 1e3}, {"m", 60e3}, {"min", 60e3}, {"h", 3600e3}, {"d", 86'400e3}}};

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                        std::chrono::milliseconds most) {
  text = trim(text);
  double number = 0;
  auto const [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || !(number >= 0)) return std::nullopt;
  std::string_view const name = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  auto const unit = std::ranges::find_if(
      units, [&](Unit const& one) { return equals_ignoring_case(one.name, name); });
  if (unit == units.end()) return std::nullopt;
  double const milliseconds = number * unit->milliseconds;
  if (milliseconds >= 9.2e18) return std::nullopt;
  std::chrono::milliseconds const time(static_cast<std::int64_t>(milliseconds));
  return time <= most ? std::optional(time) : std::nullopt;
}

}  // namespace base
