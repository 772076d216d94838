// Slows down who tries userSecrets: by the account that is tried, by the address that tries, and by
// both together.
//
// Nobody can lock an account out: however often others fail, an address that is known and has not
// failed itself gets its try. That many addresses have a try each is no danger to secrets of 214
// bits.
//
// Thread-safe. Time is an argument. Memory is bounded: of limits::throttle_entries what would be
// forgotten soonest goes first.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace accounts {

class Throttle {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Whose try it is. nullopt where that is not known: then only accounts tell tries apart.
  using Address = std::optional<std::string_view>;

  // How long this address must wait before it may try this account's secret; 0: it may now.
  std::chrono::seconds wait(std::string_view user_key, Address address, TimePoint now) const;
  void failed(std::string_view user_key, Address address, TimePoint now);
  // Forgives the address its failures with this account, but not those with others: who has an
  // account of his own gains nothing.
  void succeeded(std::string_view user_key, Address address);

  std::size_t entry_count() const;

 private:
  // Failures weigh until a point in time that each of them moves on.
  using Entries = std::map<std::string, TimePoint, std::less<>>;

  TimePoint weighs_until(std::string const& key, TimePoint now) const;
  void add(std::string const& key, std::chrono::seconds weight, TimePoint now);
  void make_room(TimePoint now);

  mutable std::mutex mutex_;
  Entries entries_;
};

}  // namespace accounts
