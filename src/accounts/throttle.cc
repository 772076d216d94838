#include "accounts/throttle.h"

#include "base/limits.h"

#include <algorithm>
#include <vector>

namespace accounts {
namespace {

namespace limits = base::limits;
using std::chrono::seconds;

// A row of the table: so many failures are free, and one is forgiven after each `weight`.
struct Allowance {
  int failures;
  seconds weight;
};
constexpr Allowance of_address{limits::free_failures_of_address, limits::failure_weight};
constexpr Allowance of_both{limits::free_failures_of_both, limits::failure_weight};
constexpr Allowance of_account{limits::free_failures_of_account, limits::account_failure_weight};
// The allowance of an address with an account that is under attack.
constexpr Allowance of_both_in_attack{1, limits::failure_weight};

// Our userKeys have 20 characters; longer texts are cut here, so that they cost no more memory.
constexpr std::size_t longest_key = 64;

std::string address_key(std::string_view address) {
  return "a" + std::string(address.substr(0, longest_key));
}
std::string account_key(std::string_view user_key) {
  return "k" + std::string(user_key.substr(0, longest_key));
}
// All unknown addresses count as one here.
std::string key_of_both(std::string_view user_key, Throttle::Address address) {
  return "b" + std::string(user_key.substr(0, longest_key)) + '\n' +
         std::string(address.value_or("").substr(0, longest_key));
}

// The time until fewer failures weigh than are free.
seconds excess(Throttle::TimePoint until, Allowance allowance, Throttle::TimePoint now) {
  auto const over = until - now - allowance.weight * (allowance.failures - 1);
  return std::max(seconds(0), std::chrono::ceil<seconds>(over));
}

}  // namespace

seconds Throttle::wait(std::string_view user_key, Address address, TimePoint now) const {
  std::scoped_lock const lock(mutex_);
  TimePoint const both = weighs_until(key_of_both(user_key, address), now);
  TimePoint const account = weighs_until(account_key(user_key), now);
  bool const in_attack = excess(account, of_account, now) > seconds(0);
  seconds const of_pair = excess(both, in_attack ? of_both_in_attack : of_both, now);
  if (!address) return of_pair;
  return std::max(excess(weighs_until(address_key(*address), now), of_address, now), of_pair);
}

void Throttle::failed(std::string_view user_key, Address address, TimePoint now) {
  std::scoped_lock const lock(mutex_);
  make_room(now);
  if (address) add(address_key(*address), of_address.weight, now);
  add(account_key(user_key), of_account.weight, now);
  add(key_of_both(user_key, address), of_both.weight, now);
}

void Throttle::succeeded(std::string_view user_key, Address address) {
  std::scoped_lock const lock(mutex_);
  entries_.erase(key_of_both(user_key, address));
}

std::size_t Throttle::entry_count() const {
  std::scoped_lock const lock(mutex_);
  return entries_.size();
}

Throttle::TimePoint Throttle::weighs_until(std::string const& key, TimePoint now) const {
  auto const found = entries_.find(key);
  return found == entries_.end() ? now : std::max(now, found->second);
}

void Throttle::add(std::string const& key, seconds weight, TimePoint now) {
  TimePoint& until = entries_.try_emplace(key, now).first->second;
  until = std::max(until, now) + weight;
}

void Throttle::make_room(TimePoint now) {
  if (entries_.size() + 3 <= limits::throttle_entries) return;
  std::erase_if(entries_, [now](auto const& entry) { return entry.second <= now; });
  if (entries_.size() <= limits::throttle_entries / 2) return;
  std::vector<TimePoint> ends;
  for (auto const& entry : entries_) ends.push_back(entry.second);
  auto const middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
  std::ranges::nth_element(ends, middle);
  std::erase_if(entries_, [end = *middle](auto const& entry) { return entry.second <= end; });
}

}  // namespace accounts
