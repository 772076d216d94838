#include "s3/patience.h"

#include <algorithm>
#include <utility>

namespace s3 {

namespace {

// Keeps an Event on the list of pausing tasks, for as long as it lives.
class Pausing {
 public:
  Pausing(std::list<net::Event*>& all, net::Event& ended)
      : all_(all), at_(all.insert(all.begin(), &ended)) {}
  ~Pausing() { all_.erase(at_); }
  Pausing(Pausing const&) = delete;
  Pausing& operator=(Pausing const&) = delete;

 private:
  std::list<net::Event*>& all_;
  std::list<net::Event*>::iterator const at_;
};

}  // namespace

Patience::Clock::time_point Patience::note_failure(Clock::time_point last_sign) {
  trouble_since_ = std::min(last_sign, trouble_since_.value_or(last_sign));
  return *trouble_since_;
}

bool Patience::is_worth_telling(Clock::time_point since, Clock::time_point now) {
  return now - since >= base::limits::quiet_trouble_time && !std::exchange(told_, true);
}

Patience::Clock::time_point Patience::end_of(Clock::time_point since) const {
  return since + std::min(time_, until_first_answer_);
}

net::task<void> Patience::pause(Duration time) {
  net::Executor const loop = co_await net::this_loop();
  net::Event ended(loop);
  Pausing const pausing(pausing_, ended);
  co_await ended.wait_for(time);
}

void Patience::limit(Duration time) {
  time_ = std::min(time_, time);
  for (net::Event* const ended : pausing_) ended->notify_all();
}

}  // namespace s3
