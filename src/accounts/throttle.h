// Slows down clients that try userSecrets: by the account that is tried, by the address that tries,
// and by both together.
//
// No client can lock an account out: however often others fail, a known address that has not failed
// itself gets its try. Many addresses with one try each are no danger to secrets of 214 bits.
//
// Thread-safe. Time is an argument. Memory is bounded: of limits::throttle_entries those that would
// be forgotten soonest go first.
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

  // The address that tries. nullopt if it is not known: then only accounts tell tries apart.
  using Address = std::optional<std::string_view>;

  // How long this address must wait before it may try this account's secret; 0: it may now.
  std::chrono::seconds wait(std::string_view user_key, Address address, TimePoint now) const;
  void failed(std::string_view user_key, Address address, TimePoint now);
  // Forgives the address its failures with this account, but not those with others: an account of
  // its own gains a client nothing.
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
