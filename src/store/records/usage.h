// The usage of an account, as the store counts it by the hour.
#pragma once

#include "base/clock.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace store {

enum class Counted {
  zips,
  zips_succeeded,
  zips_failed,
  zips_cancelled,
  streams,
  zipped_bytes,
  streamed_bytes
};
inline constexpr std::size_t counted_kinds = 7;

constexpr std::string_view name(Counted what) {
  constexpr std::array<std::string_view, counted_kinds> names{
      "zips",    "zips_succeeded", "zips_failed",   "zips_cancelled",
      "streams", "zipped_bytes",   "streamed_bytes"};
  return names.at(static_cast<std::size_t>(what));
}

struct Usage {
  std::array<std::uint64_t, counted_kinds> amounts = {};
  std::uint64_t& operator[](Counted what) { return amounts.at(static_cast<std::size_t>(what)); }
  std::uint64_t operator[](Counted what) const {
    return amounts.at(static_cast<std::size_t>(what));
  }
  bool operator==(Usage const&) const = default;
};

// The usage of a day of UTC.
struct DayUsage {
  base::UnixSeconds day = 0;  // its beginning
  Usage usage;
  bool operator==(DayUsage const&) const = default;
};

}  // namespace store
