// What is going on in this process, by job, link or mail: how far it is, and whether it has ended.
// The store knows all that must last; this knows it sooner. Thread-safe.
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
  net::Latch cancelled;  // the job is its runner's no more: it stops
};

class LiveZips {
 public:
  // The entry of this id; it is there as long as somebody holds it. Made where there is none, or
  // where the one held has ended or was cancelled: what runs under the id now, runs anew.
  std::shared_ptr<LiveZip> open(std::string const& id);
  std::shared_ptr<LiveZip> find(std::string const& id) const;  // null where nobody holds it

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<LiveZip>> zips_;
};

}  // namespace store
