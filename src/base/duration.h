// Lengths of time as people write them in settings.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace base {

// "500ms", "30s", "5min", "1.5 h", "2d"; a number alone is seconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace base
