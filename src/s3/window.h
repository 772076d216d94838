// The number of requests that the process may have in flight with its stores: additive increase,
// multiplicative decrease, as in TCP. Shared by all loops; thread-safe.
#pragma once

#include "base/limits.h"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace s3 {

class Window {
 public:
  // A request in flight, as long as it lives.
  class Use {
   public:
    explicit Use(Window& window) : window_(window) { ++window_.in_flight_; }
    ~Use() { --window_.in_flight_; }
    Use(Use const&) = delete;
    Use& operator=(Use const&) = delete;

   private:
    Window& window_;
  };

  std::size_t size() const { return static_cast<std::size_t>(size_.load(relaxed)); }
  bool has_room() const { return in_flight_.load(relaxed) < size(); }

  void succeeded() {
    float const now = size_.load(relaxed);
    if (now < most) size_.store(std::min(most, now + 1.0F / now), relaxed);
  }

  // Sets the window to half of the requests in flight, once for all answers of one burst.
  void slow_down() {
    auto const now = std::chrono::steady_clock::now().time_since_epoch().count();
    auto last = last_decrease_.load(relaxed);
    if (now - last < burst.count() || !last_decrease_.compare_exchange_strong(last, now)) return;
    auto const in_flight = static_cast<float>(in_flight_.load(relaxed));
    size_.store(std::max(1.0F, std::min(size_.load(relaxed), in_flight) / 2), relaxed);
  }

 private:
  static constexpr auto relaxed = std::memory_order_relaxed;
  static constexpr float most = base::limits::max_s3_requests;
  static constexpr std::chrono::steady_clock::duration burst = std::chrono::milliseconds(200);

  std::atomic<float> size_ = most;
  std::atomic<std::size_t> in_flight_ = 0;
  std::atomic<std::chrono::steady_clock::rep> last_decrease_ = 0;
};

}  // namespace s3
