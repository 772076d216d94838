// The known CRCs of an archive's objects: from the store, and to it.
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
// `blocking` finds out which objects these are, which takes time if there are many.
net::task<void> recall_crcs(Crcs& crcs, net::BlockingPool& blocking, std::string endpoint_url,
                            std::shared_ptr<archive::PlannedArchive> archive);

// Stores the CRCs that a reader of the archive's objects learns, now and then. Those that cannot be
// stored are forgotten, with a word in the log. Belongs to one loop; store and pool outlive it.
class CrcKeeper {
 public:
  CrcKeeper(net::Executor const& loop, Crcs& crcs, net::BlockingPool& blocking,
            std::string endpoint_url, std::shared_ptr<archive::PlannedArchive> archive);

  // For archive::Delivery::keep_crcs. Begins to store the news if there is much, or if the last
  // time is limits::keep_interval ago; before that it waits for the news of that time to be stored,
  // so that a reader which learns faster waits.
  net::task<void> keep_up();
  // Waits until all news has been stored.
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
