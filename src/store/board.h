// What is going on in this process, by job or stream: how far it is, and whether it has ended. The
// store knows all that must last; the board knows it sooner. Thread-safe.
#pragma once

#include "archive/progress.h"
#include "base/tally.h"
#include "net/latch.h"
#include "store/job.h"

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace store {

struct Live {
  archive::Progress progress;
  net::Latch selected;   // the listing is complete, the totals are final
  net::Latch ended;      // the store has the outcome
  net::Latch cancelled;  // the store has it that the job is; who runs it stops
};

// In seconds: a job takes a moment, or moves terabytes.
inline constexpr std::array job_time_bounds{0.1,   0.5,   1.0,    5.0,      15.0,    60.0,
                                            300.0, 900.0, 3600.0, 14'400.0, 43'200.0};
using JobTimes = base::Durations<job_time_bounds.size()>;

class Board {
 public:
  // A job has ended, so long after it was claimed.
  void note_end(JobState state, std::chrono::steady_clock::duration duration) {
    (state == JobState::success ? succeeded_ : failed_).note(duration);
  }
  JobTimes const& succeeded() const { return succeeded_; }
  JobTimes const& failed() const { return failed_; }

  // The entry of this id; it is there as long as somebody holds it. Made where there is none, or
  // where the one held has ended: what runs under the id now, runs anew.
  std::shared_ptr<Live> open(std::string const& id);
  std::shared_ptr<Live> find(std::string const& id) const;  // null where nobody holds it

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Live>> entries_;
  JobTimes succeeded_{job_time_bounds};
  JobTimes failed_{job_time_bounds};
};

}  // namespace store
