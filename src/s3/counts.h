// Outcomes of the requests to stores, for metrics: each request counts once. Thread-safe.
#pragma once

#include "base/error.h"
#include "base/tally.h"
#include "s3/messages/calls.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace s3 {

class Counts {
 public:
  void succeeded(Call call) { ++of(call).succeeded; }
  // The request is made again because of `why`.
  void retried(Call call, base::Fault why) {
    ++of(call).retried;
    ++retries_[index(why)];
  }
  // The request is made again in another region.
  void redirected(Call call) {
    ++of(call).retried;
    ++redirects_;
  }
  // The request is not made again, or the object that it asked for is not there.
  void failed(Call call, base::Fault fault) { ++of(call).failed[index(fault)]; }

  std::uint64_t succeeded_count(Call call) const { return of(call).succeeded; }
  std::uint64_t retried_count(Call call) const { return of(call).retried; }
  std::uint64_t failed_count(Call call, base::Fault fault) const {
    return of(call).failed[index(fault)];
  }
  std::uint64_t retries_because_of(base::Fault why) const { return retries_[index(why)]; }
  std::uint64_t redirect_count() const { return redirects_; }

  base::Counter read_bytes;     // of objects, by GetObject, as they arrived
  base::Counter written_bytes;  // of objects and parts that the store has taken
  base::Counter hedged_gets;    // sent beside slow ones

 private:
  using Number = std::atomic<std::uint64_t>;
  struct OfCall {
    Number succeeded = 0;
    Number retried = 0;
    std::array<Number, base::fault_count> failed{};
  };
  static std::size_t index(base::Fault fault) { return static_cast<std::size_t>(fault); }
  OfCall& of(Call call) { return calls_.at(static_cast<std::size_t>(call)); }
  OfCall const& of(Call call) const { return calls_.at(static_cast<std::size_t>(call)); }

  std::array<OfCall, call_count> calls_{};
  std::array<Number, base::fault_count> retries_{};
  Number redirects_ = 0;
};

}  // namespace s3
