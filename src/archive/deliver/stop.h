// How a job is asked to stop in the middle, on the loop that it runs on: not while a call is under
// way of whose outcome the bucket's state depends, such as Complete. Such a call comes to its end
// first, so that what it has made is known and can be removed.
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

// Held while such a call is under way. base::Cancelled where the stop has been asked for already.
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
  std::shared_ptr<Stop> const stop_;  // null: nobody can stop the job
};

}  // namespace archive
