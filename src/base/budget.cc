#include "base/budget.h"

#include <algorithm>

namespace base {

Budget::Grant::~Grant() {
  if (budget_ != nullptr) budget_->give_back(*this);
}

Budget::Ticket Budget::request(std::uint64_t bytes, Urgency urgency, Callback granted) {
  Ticket ticket = 0;
  std::vector<Waiting> ready;
  {
    std::scoped_lock const lock(mutex_);
    ticket = next_ticket_++;
    auto const place = urgency == Urgency::urgent
                           ? std::ranges::find(line_, Urgency::can_wait, &Waiting::urgency)
                           : line_.end();
    line_.insert(place, {ticket, std::min(bytes, total_), urgency, std::move(granted)});
    ready = take_ready();
  }
  for (Waiting& waiting : ready) waiting.granted(Grant(this, waiting.bytes));
  return ticket;
}

std::optional<Budget::Grant> Budget::try_take(std::uint64_t bytes, Urgency urgency) {
  {
    std::scoped_lock const lock(mutex_);
    std::uint64_t const taken = std::min(bytes, total_);
    bool const is_first = line_.empty() || line_.front().urgency < urgency;
    if (is_first && fits(taken, urgency)) {
      used_ += taken;
      return Grant(this, taken);
    }
    if (!is_first) return std::nullopt;
  }
  return lender_ == nullptr ? std::nullopt : lender_->try_lend(bytes);
}

bool Budget::fits(std::uint64_t bytes, Urgency urgency) const {
  std::uint64_t const free = total_ - used_;
  std::uint64_t const kept =
      urgency == Urgency::urgent ? 0 : std::min(reserve_bytes(), total_ - bytes);
  return bytes + kept <= free;
}

std::optional<Budget::Grant> Budget::try_lend(std::uint64_t bytes) {
  std::scoped_lock const lock(mutex_);
  if (!line_.empty() || bytes > total_ - used_ || lent_ + bytes > most_lent()) return std::nullopt;
  used_ += bytes;
  lent_ += bytes;
  return Grant(this, bytes, true);
}

std::uint64_t Budget::lendable_bytes() const {
  std::scoped_lock const lock(mutex_);
  return line_.empty() ? std::min(most_lent() - lent_, total_ - used_) : 0;
}

bool Budget::is_waited_for() const {
  std::scoped_lock const lock(mutex_);
  return !line_.empty();
}

bool Budget::withdraw(Ticket ticket) {
  std::vector<Waiting> ready;
  {
    std::scoped_lock const lock(mutex_);
    auto const found = std::ranges::find(line_, ticket, &Waiting::ticket);
    if (found == line_.end()) return false;
    line_.erase(found);
    ready = take_ready();  // a smaller request may stand behind it
  }
  for (Waiting& waiting : ready) waiting.granted(Grant(this, waiting.bytes));
  return true;
}

std::uint64_t Budget::used_bytes() const {
  std::scoped_lock const lock(mutex_);
  return used_;
}

std::uint64_t Budget::free_bytes() const {
  std::uint64_t const lendable = lender_ == nullptr ? 0 : lender_->lendable_bytes();
  std::scoped_lock const lock(mutex_);
  std::uint64_t const free = total_ - used_;
  return free - std::min(free, reserve_bytes()) + lendable;
}

bool Budget::is_pressed() const {
  if (is_waited_for() || (lender_ != nullptr && lender_->is_waited_for())) return true;
  return free_bytes() < total_ / 4;
}

void Budget::give_back(Grant const& grant) {
  std::vector<Waiting> ready;
  {
    std::scoped_lock const lock(mutex_);
    used_ -= grant.bytes_;
    if (grant.lent_) lent_ -= grant.bytes_;
    ready = take_ready();
  }
  for (Waiting& waiting : ready) waiting.granted(Grant(this, waiting.bytes));
}

std::vector<Budget::Waiting> Budget::take_ready() {
  std::vector<Waiting> ready;
  while (!line_.empty() && fits(line_.front().bytes, line_.front().urgency)) {
    used_ += line_.front().bytes;
    ready.push_back(std::move(line_.front()));
    line_.pop_front();
  }
  return ready;
}

}  // namespace base
