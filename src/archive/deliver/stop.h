// Asks a job to stop in the middle, on the loop that it runs on. A call on whose outcome the
// bucket's state depends, such as Complete, comes to its end first, so that its outcome is known
// and can be undone.
#pragma once

#include "base/error.h"
#include "net/event.h"

#include <memory>
#include <utility>

namespace archive {

struct Stop {
  explicit Stop(net::Executor const& loop) : unbroken_ended(loop) {}
  bool asked = false;
  int unbroken_calls = 0;  // under way
  net::Event unbroken_ended;
};

// Held while such a call is under way. base::Cancelled if the stop has been asked for already.
class Unbroken {
 public:
  explicit Unbroken(std::shared_ptr<Stop> stop) : stop_(std::move(stop)) {
    if (!stop_) return;
    if (stop_->asked) throw base::Cancelled();
    ++stop_->unbroken_calls;
  }
  Unbroken(Unbroken const&) = delete;
  Unbroken& operator=(Unbroken const&) = delete;
  ~Unbroken() {
    if (!stop_) return;
    --stop_->unbroken_calls;
    stop_->unbroken_ended.notify_all();
  }

 private:
  std::shared_ptr<Stop> const stop_;  // null: the job cannot be stopped
};

}  // namespace archive
