// Work that is going on in this process, by job, link or mail: how far it is, and whether it has
// ended. The store knows all that must last; LiveZips knows it sooner. Thread-safe.
#pragma once

#include "archive/progress.h"
#include "net/latch.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace store {

struct LiveZip {
  archive::LiveProgress progress;
  net::Latch selected;   // the listing is complete, the totals are final
  net::Latch ended;      // the store has the outcome
  net::Latch cancelled;  // the runner has lost the job, and stops
};

class LiveZips {
 public:
  // The entry of this id, which lives as long as a caller holds it. It is made if there is none, or
  // if the one held has ended or was cancelled: work under the id runs anew then.
  std::shared_ptr<LiveZip> open(std::string const& id);
  std::shared_ptr<LiveZip> find(std::string const& id) const;  // null if no caller holds it

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<LiveZip>> zips_;
};

}  // namespace store
