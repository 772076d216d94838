// The tools of all work on jobs. Made by server/; borrowed, and thread-safe.
#pragma once

#include "accounts/keys.h"
#include "base/budget.h"
#include "base/limits.h"
#include "jobs/job_times.h"
#include "net/blocking.h"
#include "s3/object_stores.h"
#include "store/live.h"
#include "store/store.h"

#include <chrono>
#include <string>

namespace jobs {

struct Tools {
  store::Store const& store;
  accounts::Keys const& keys;
  s3::ObjectStores& object_stores;
  store::LiveZips& live;
  JobTimes& times;
  net::BlockingPool& blocking;  // for calls that take a while, but no turn of the loop
  base::Budget& blocks;         // for fetched bytes
  base::Budget& parts;          // for parts of uploads
  std::string session;          // of this process: another one at each start
  std::chrono::milliseconds patience = base::limits::default_patience;  // with object stores
  // The pause before an attempt is made again, or a write that the store did not take.
  std::chrono::milliseconds retry_pause = base::limits::job_retry_pause;
  // A job whose pause is over wakes no worker: workers look for it.
  std::chrono::milliseconds look_interval = base::limits::job_look_interval;
};

}  // namespace jobs
