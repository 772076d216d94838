// Pauses before something that failed is tried again.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

namespace base {

struct Backoff {
  std::chrono::milliseconds first{0};
  std::chrono::milliseconds longest{0};
  double growth = 2;

  // The pause after `failures` in a row, which are 1 at least.
  std::chrono::milliseconds pause_after(int failures) const {
    double const grown = static_cast<double>(first.count()) * std::pow(growth, failures - 1);
    double const bounded = std::min(grown, static_cast<double>(longest.count()));
    return std::chrono::milliseconds(std::llround(bounded));
  }
};

}  // namespace base
