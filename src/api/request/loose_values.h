// Numbers and flags of texts, as forms, queries and lenient JSON bring them: a client may write
// 24, "24", 24.0 or true, which is 1, and mean the same. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace api {

// A decimal number, with a sign, a fraction or an exponent; white space around it is no matter.
std::optional<double> loose_number(std::string_view text);
// The same, where it is whole and not negative. What is larger than the type is the largest.
std::optional<std::uint64_t> loose_count(std::string_view text);
// true, yes, on and 1 in any spelling, or their opposites.
std::optional<bool> loose_flag(std::string_view text);

}  // namespace api
