#include "http/preferences.h"

#include "base/text.h"

#include <algorithm>
#include <vector>

namespace http {
namespace {

constexpr int full_weight = 1000;

// Reads "1", "0.5" or "0.125".
int parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5) return 0;
  int weight = text.front() == '1' ? full_weight : 0;
  if (text.front() != '0' && text.front() != '1') return 0;
  if (text.size() > 1 && text[1] != '.') return 0;
  int digit_weight = full_weight / 10;
  for (char const digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return 0;
    weight += (digit - '0') * digit_weight;
    digit_weight /= 10;
  }
  return std::min(weight, full_weight);
}

}  // namespace

std::optional<int> weight_of(std::string_view name, std::string_view list) {
  for (std::string_view const item : base::split(list, ',')) {
    std::vector<std::string_view> const parts = base::split(item, ';');
    if (!base::equals_ignoring_case(base::trim(parts.front()), name)) continue;
    for (std::string_view part : parts) {
      part = base::trim(part);
      bool const is_weight = part.starts_with("q=") || part.starts_with("Q=");
      if (is_weight) return parse_weight(base::trim(part.substr(2)));
    }
    return full_weight;
  }
  return std::nullopt;
}

}  // namespace http
