#include "api/request/loose_values.h"

#include "base/text.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace api {

std::optional<double> loose_number(std::string_view text) {
  text = base::trim(text);
  if (base::equals_ignoring_case(text, "true")) return 1;
  if (base::equals_ignoring_case(text, "false")) return 0;
  // strtod() takes more than decimal numbers: "inf", "0x10".
  bool const decimal = text.find_first_not_of("0123456789.-+eE") == std::string_view::npos;
  if (text.empty() || text.starts_with('+') || !decimal) return std::nullopt;
  std::string const digits(text);
  char* end = nullptr;
  double const number = std::strtod(digits.c_str(), &end);  // too large a one is infinite
  if (end != digits.c_str() + digits.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> loose_count(std::string_view text) {
  // Above 2^53 a double would be another number.
  if (auto const exact = base::parse_uint(base::trim(text))) return exact;
  auto const number = loose_number(text);
  if (!number || *number < 0 || *number != std::floor(*number)) return std::nullopt;
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  constexpr double beyond = 18446744073709551616.0;  // 2^64
  return *number >= beyond ? largest : static_cast<std::uint64_t>(*number);
}

std::optional<bool> loose_flag(std::string_view text) {
  std::string const word = base::to_lower(base::trim(text));
  if (word == "yes" || word == "on") return true;
  if (word == "no" || word == "off") return false;
  auto const number = loose_number(word);
  if (!number || (*number != 0 && *number != 1)) return std::nullopt;
  return *number == 1;
}

}  // namespace api
