#include "base/budget.h"

#include <algorithm>

namespace base {

Budget::Grant::~Grant() {
  if (budget_ != nullptr) budget_->give_back(*this);
}

void Budget::Line::add(std::string payer, Waiting waiting) {
  std::deque<Waiting>& of_payer = waiting_[payer];
  if (of_payer.empty()) ring_.push_back(std::move(payer));
  of_payer.push_back(std::move(waiting));
}

Budget::Waiting Budget::Line::take_front() {
  std::string payer = std::move(ring_.front());
  ring_.pop_front();
  auto const of_payer = waiting_.find(payer);
  Waiting front = std::move(of_payer->second.front());
  of_payer->second.pop_front();
  if (of_payer->second.empty()) {
    waiting_.erase(of_payer);
  } else {
    ring_.push_back(std::move(payer));
  }
  return front;
}

bool Budget::Line::withdraw(Ticket ticket) {
  for (auto& [payer, of_payer] : waiting_) {
    auto const found = std::ranges::find(of_payer, ticket, &Waiting::ticket);
    if (found == of_payer.end()) continue;
    of_payer.erase(found);
    if (!of_payer.empty()) return true;
    std::erase(ring_, payer);
    waiting_.erase(payer);
    return true;
  }
  return false;
}

Budget::Ticket Budget::request(std::uint64_t bytes, Urgency urgency, Callback granted,
                               std::string_view payer) {
  Ticket ticket = 0;
  std::vector<Waiting> ready;
  {
    std::scoped_lock const lock(mutex_);
    ticket = next_ticket_++;
    Line& line = urgency == Urgency::urgent ? urgent_ : can_wait_;
    line.add(std::string(payer), {ticket, std::min(bytes, total_), std::move(granted)});
    ready = take_ready();
  }
  for (Waiting& waiting : ready) waiting.granted(Grant(this, waiting.bytes));
  return ticket;
}

std::optional<Budget::Grant> Budget::try_take(std::uint64_t bytes, Urgency urgency) {
  {
    std::scoped_lock const lock(mutex_);
    std::uint64_t const taken = std::min(bytes, total_);
    bool const is_first = urgency == Urgency::urgent ? urgent_.empty() : !has_line();
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
  if (has_line() || bytes > total_ - used_ || lent_ + bytes > most_lent()) return std::nullopt;
  used_ += bytes;
  lent_ += bytes;
  return Grant(this, bytes, true);
}

std::uint64_t Budget::lendable_bytes() const {
  std::scoped_lock const lock(mutex_);
  return has_line() ? 0 : std::min(most_lent() - lent_, total_ - used_);
}

bool Budget::is_waited_for() const {
  std::scoped_lock const lock(mutex_);
  return has_line();
}

bool Budget::withdraw(Ticket ticket) {
  std::vector<Waiting> ready;
  {
    std::scoped_lock const lock(mutex_);
    if (!urgent_.withdraw(ticket) && !can_wait_.withdraw(ticket)) return false;
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
  auto const take = [&](Line& line, Urgency urgency) {
    while (!line.empty() && fits(line.front().bytes, urgency)) {
      ready.push_back(line.take_front());
      used_ += ready.back().bytes;
    }
  };
  take(urgent_, Urgency::urgent);
  if (urgent_.empty()) take(can_wait_, Urgency::can_wait);
  return ready;
}

}  // namespace base
