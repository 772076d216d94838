// The time for which one piece of work (a job, a command, a download) bears its store's trouble.
//
//   last sign of life       first failure                              given up
//   │◄──── silence ────────►│ pause │ try │ pause │ try │ … │ last try ►│
//   │◄─────────────────────────── the patience ────────────────────────►│
//
// Calls of the work that begin during trouble share the rest of the patience, so that ten calls in
// a row do not wait ten times. Belongs to one event loop.
#pragma once

#include "base/limits.h"
#include "net/event.h"

#include <chrono>
#include <list>
#include <optional>

namespace s3 {

class Patience {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = std::chrono::milliseconds;

  // `until_first_answer` is the patience while the store has never answered; it may be less.
  explicit Patience(Duration time = base::limits::default_patience,
                    Duration until_first_answer = Duration::max())
      : time_(time), until_first_answer_(until_first_answer) {}

  // The store has answered something.
  void note_answer() { until_first_answer_ = Duration::max(); }
  // The store did what it was asked for, or refused it for good.
  void note_sign_of_life() {
    trouble_since_.reset();
    told_ = false;
  }
  // Notes a call that has failed and that saw the last sign of life at `last_sign`; gives the time
  // from which its trouble counts.
  Clock::time_point note_failure(Clock::time_point last_sign);
  // Whether to tell people now of trouble that has lasted since `since`: once, until it is over.
  bool is_worth_telling(Clock::time_point since, Clock::time_point now);
  // The time at which trouble since `since` has lasted too long.
  Clock::time_point end_of(Clock::time_point since) const;

  // A pause between two tries, which limit() ends; base::Cancelled when its task is cancelled.
  net::task<void> pause(Duration time);
  // From now on the patience is no longer than `time`; pausing tasks learn it at once.
  void limit(Duration time);

 private:
  Duration time_;
  Duration until_first_answer_;
  std::optional<Clock::time_point> trouble_since_;  // none since the last sign of life
  bool told_ = false;
  std::list<net::Event*> pausing_;
};

}  // namespace s3
