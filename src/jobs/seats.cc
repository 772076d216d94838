#include "jobs/seats.h"

#include "base/limits.h"

#include <algorithm>
#include <utility>

namespace jobs {

namespace limits = base::limits;

Seats::Seat::~Seat() {
  if (is_taken_) seats_->change(-1);
}

Seats::Seat::Seat(Seat&& other) noexcept
    : seats_(other.seats_), is_taken_(std::exchange(other.is_taken_, false)) {}

void Seats::Seat::leave() {
  if (!is_taken_) return;
  is_taken_ = false;
  seats_->change(-1);
  if (seats_->on_left_) seats_->on_left_();
}

void Seats::Seat::take_again() {
  if (seats_ == nullptr || is_taken_) return;
  is_taken_ = true;
  seats_->change(1);
}

std::optional<Seats::Offer> Seats::offer() {
  std::scoped_lock const lock(mutex_);
  if (taken_ >= workers_ + for_newcomers()) return std::nullopt;
  bool const is_for_all = taken_++ < workers_;
  return Offer{Seat(*this), is_for_all ? for_one() : 1};
}

bool Seats::has_free() const {
  std::scoped_lock const lock(mutex_);
  return taken_ < workers_;
}

std::size_t Seats::most_jobs() const {
  return limits::jobs_per_worker * (workers_ + for_newcomers());
}

// Half of two workers would be one: an account may have both.
std::size_t Seats::for_one() const {
  return workers_ <= 2 ? workers_ : (workers_ + 1) / 2;
}

std::size_t Seats::for_newcomers() const {
  return std::max<std::size_t>(1, workers_ / limits::newcomers_part);
}

void Seats::change(int taken) {
  std::scoped_lock const lock(mutex_);
  taken_ += static_cast<std::size_t>(taken);
}

}  // namespace jobs
