#include "base/budget.h"

#include <algorithm>

namespace base {

Budget::Grant::~Grant() {
  if (budget_ != nullptr) budget_->give_back(*this);
}

Budget::Member::Member(Budget& budget) : budget_(budget) {
  std::scoped_lock const lock(budget_.mutex_);
  ++budget_.members_;
}

Budget::Member::~Member() {
  std::scoped_lock const lock(budget_.mutex_);
  --budget_.members_;
}

Budget::Ticket Budget::request(std::uint64_t bytes, Callback granted) {
  Ticket ticket = 0;
  std::vector<Waiting> ready;
  {
    std::scoped_lock const lock(mutex_);
    ticket = next_ticket_++;
    line_.push_back({ticket, std::min(bytes, total_), std::move(granted)});
    ready = take_ready();
  }
  for (Waiting& waiting : ready) waiting.granted(Grant(this, waiting.bytes));
  return ticket;
}

std::optional<Budget::Grant> Budget::try_take(std::uint64_t bytes) {
  {
    std::scoped_lock const lock(mutex_);
    std::uint64_t const taken = std::min(bytes, total_);
    if (!line_.empty()) return std::nullopt;
    if (taken <= total_ - used_) {
      used_ += taken;
      return Grant(this, taken);
    }
  }
  return lender_ == nullptr ? std::nullopt : lender_->try_lend(bytes);
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
  return line_.empty() ? std::min(most_lent(), total_ - (used_ - lent_)) : 0;
}

bool Budget::withdraw(Ticket ticket) {
  std::vector<Waiting> ready;
  {
    std::scoped_lock const lock(mutex_);
    auto const found = std::ranges::find(line_, ticket, &Waiting::ticket);
    if (found == line_.end()) return false;
    line_.erase(found);
    ready = take_ready();  // the one behind it may be smaller
  }
  for (Waiting& waiting : ready) waiting.granted(Grant(this, waiting.bytes));
  return true;
}

std::uint64_t Budget::used_bytes() const {
  std::scoped_lock const lock(mutex_);
  return used_;
}

std::uint64_t Budget::fair_share() const {
  std::uint64_t const borrowed = lender_ == nullptr ? 0 : lender_->lendable_bytes();
  std::scoped_lock const lock(mutex_);
  return (total_ + borrowed) / std::max<std::uint64_t>(members_, 1);
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
  while (!line_.empty() && line_.front().bytes <= total_ - used_) {
    used_ += line_.front().bytes;
    ready.push_back(std::move(line_.front()));
    line_.pop_front();
  }
  return ready;
}

}  // namespace base
