// What is known of the CRCs of an archive's objects: from the store, and to it.
#pragma once

#include "archive/plan/planned_archive.h"
#include "base/limits.h"
#include "net/blocking.h"
#include "net/task_group.h"
#include "store/crcs.h"

#include <chrono>
#include <memory>
#include <string>

namespace store {

// Gives the archive the CRCs that earlier reads of the same objects have left in the store.
// `blocking` finds out which objects these are, which takes time where there are many.
net::task<void> recall_crcs(Crcs& crcs, net::BlockingPool& blocking, std::string endpoint_url,
                            std::shared_ptr<archive::PlannedArchive> archive);

// Stores what a reader of the archive's objects learns, now and then. What cannot be stored is
// forgotten, with a word in the log. Belongs to one loop; what it borrows outlives it.
class CrcKeeper {
 public:
  CrcKeeper(net::Executor const& loop, Crcs& crcs, net::BlockingPool& blocking,
            std::string endpoint_url, std::shared_ptr<archive::PlannedArchive> archive);

  // For archive::Delivery::keep_crcs. Where there is much news, or the last time is
  // limits::keep_interval ago, begins to store it, once what was new that time has been stored: who
  // learns faster than that waits.
  net::task<void> keep_up();
  // Until all that is new has been stored.
  net::task<void> keep_rest();

 private:
  using Clock = std::chrono::steady_clock;

  Crcs& crcs_;
  net::BlockingPool& blocking_;
  std::string endpoint_url_;
  std::shared_ptr<archive::PlannedArchive> archive_;
  net::TaskGroup storing_;
  Clock::time_point next_time_ = Clock::now() + base::limits::keep_interval;
};

}  // namespace store
