// What a zip would be, before it is asked for: its entries, size, names that differ from their
// keys, calls and price.
#pragma once

#include "api/service.h"

#include <mutex>
#include <set>
#include <string>

namespace api {

// The accounts for which an estimate is being made. Thread-safe.
class Estimating {
 public:
  // Error{throttled} if one is being made for the account; else it is, as long as this lives.
  class Seat {
   public:
    Seat(Estimating& estimating, std::string account_id);
    ~Seat();
    Seat(Seat const&) = delete;
    Seat& operator=(Seat const&) = delete;

   private:
    Estimating& estimating_;
    std::string const account_id_;
  };

 private:
  std::mutex mutex_;
  std::set<std::string> accounts_;
};

// POST /api/zips/estimate and POST /api/streams/estimate, with the body of POST /api/zips and of
// POST /api/streams. Lists the sources as that zip would, and makes nothing.
net::task<void> estimate_zip(Service const& service, Estimating& estimating,
                             http::Exchange& exchange);
net::task<void> estimate_link(Service const& service, Estimating& estimating,
                              http::Exchange& exchange);

}  // namespace api
