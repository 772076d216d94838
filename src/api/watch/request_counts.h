// The requests of each route, by their outcome. Thread-safe.
#pragma once

#include "base/tally.h"
#include "http/server.h"

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace api {

// Bounds in seconds: for calls that ask no store, calls that ask one, calls that wait for a
// listing.
inline constexpr std::array first_byte_bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                              0.25,  0.5,    1.0,   2.5,  10.0,  60.0};

// The pattern of the route that answered; "other" if none did, so that strangers' paths make no new
// values.
std::string_view route_of(http::Exchange const& exchange);

class RequestCounts {
 public:
  struct Route {
    std::array<base::Counter, 6> by_status;  // by its first digit; [0]: no answer was begun
    base::Counter cut;                       // answers that were begun and not ended
    base::Durations<first_byte_bounds.size()> first_byte{first_byte_bounds};
  };

  // Counts an exchange that has ended.
  void note(http::Exchange const& exchange);
  // The routes that were asked so far, by name; they live as long as this object.
  std::vector<std::pair<std::string_view, Route const*>> routes() const;

 private:
  Route& find(std::string_view name);

  mutable std::mutex mutex_;
  std::map<std::string, Route, std::less<>> routes_;
};

}  // namespace api
