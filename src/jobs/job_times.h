// The durations of the jobs that end in this process.
#pragma once

#include "base/tally.h"

#include <array>
#include <chrono>

namespace jobs {

class JobTimes {
 public:
  // Bounds in seconds: a job takes a moment, or moves terabytes.
  static constexpr std::array bounds{0.1,   0.5,   1.0,    5.0,      15.0,    60.0,
                                     300.0, 900.0, 3600.0, 14'400.0, 43'200.0};
  using Times = base::Durations<bounds.size()>;

  // `duration` is from the job's claim to its end. Thread-safe.
  void note(bool succeeded, std::chrono::steady_clock::duration duration) {
    (succeeded ? succeeded_ : failed_).note(duration);
  }
  Times const& succeeded() const { return succeeded_; }
  Times const& failed() const { return failed_; }

 private:
  Times succeeded_{bounds};
  Times failed_{bounds};
};

}  // namespace jobs
