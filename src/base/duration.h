// Durations as people write them in settings.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace base {

// "500ms", "30s", "5min", "1.5 h", "2d"; a number alone is seconds. nullopt for any other text, and
// for a duration over `most`.
std::optional<std::chrono::milliseconds> parse_duration(
    std::string_view text, std::chrono::milliseconds most = std::chrono::milliseconds::max());

}  // namespace base
