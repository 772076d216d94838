// How many requests the process may have in flight with its stores: additive increase,
// multiplicative decrease, as TCP does it. Shared by all loops; thread-safe.
#pragma once

#include "base/limits.h"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace s3 {

class Window {
 public:
  std::size_t size() const {
    return static_cast<std::size_t>(size_.load(std::memory_order_relaxed));
  }

  void succeeded() {
    float const now = size_.load(std::memory_order_relaxed);
    if (now < most) size_.store(std::min(most, now + 1.0F / now), std::memory_order_relaxed);
  }

  // Halves it, once for all the answers of one burst.
  void slow_down() {
    auto const now = std::chrono::steady_clock::now().time_since_epoch().count();
    auto last = last_decrease_.load(std::memory_order_relaxed);
    if (now - last < burst.count() || !last_decrease_.compare_exchange_strong(last, now)) return;
    float const half = size_.load(std::memory_order_relaxed) / 2;
    size_.store(std::max(1.0F, half), std::memory_order_relaxed);
  }

 private:
  static constexpr float most = base::limits::max_gets_ahead;
  static constexpr std::chrono::steady_clock::duration burst = std::chrono::milliseconds(200);

  std::atomic<float> size_ = most;
  std::atomic<std::chrono::steady_clock::rep> last_decrease_ = 0;
};

}  // namespace s3
