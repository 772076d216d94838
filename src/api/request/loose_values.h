// Numbers and flags in texts, as forms, queries and lenient JSON bring them: a client may write
// 24, "24", 24.0 or true, which is 1, and mean the same. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace api {

// A decimal number, perhaps with a minus sign, a fraction or an exponent, and white space around
// it; or true (1) or false (0).
std::optional<double> loose_number(std::string_view text);
// The same, if it is whole and not negative. A number too large for the type is its largest.
std::optional<std::uint64_t> loose_count(std::string_view text);
// true, yes, on and 1 in any spelling, or their opposites.
std::optional<bool> loose_flag(std::string_view text);

}  // namespace api
