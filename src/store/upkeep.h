// The store as a whole: its settings, its health, and the end of old records (see accounts.h for
// what holds for every call).
#pragma once

#include "base/clock.h"
#include "net/task.h"

#include <optional>
#include <string>

namespace store {

class Upkeep {
 public:
  virtual ~Upkeep() = default;

  // Settings of the whole installation.
  virtual net::task<std::optional<std::string>> get_setting(std::string name) = 0;
  virtual net::task<void> set_setting(std::string name, std::string value) = 0;

  // Returns if the store can be read and written just now, else throws.
  virtual net::task<void> check_usable() = 0;

  // Deletes jobs that ended limits::job_retention ago, and whose zips expired as long ago if they
  // do, with their selections; erases the credentials and selections of links that have expired,
  // whose keys are rotated or whose account is disabled (the row stays for
  // limits::expired_link_retention, so that a click hears "gone"); fails all jobs of disabled
  // accounts that have not ended (the runner of one hears of it, and cleans up); deletes the
  // records of deleted accounts; forgets usage and CRCs when their time is over; and makes sure
  // that erased values are out of the database's files too. Does a bounded amount of work: true if
  // more is left to do. The caller calls it once a minute.
  virtual net::task<bool> remove_expired(base::UnixSeconds now) = 0;
};

}  // namespace store
