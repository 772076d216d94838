// What work on jobs is done with. Made by server/; borrowed, and thread-safe.
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
  net::BlockingPool& blocking;  // for what takes a while, but no turn of the loop
  base::Budget& blocks;         // what is fetched
  base::Budget& parts;          // what fills parts of uploads
  std::string session;          // of this process: another one at each start
  std::chrono::milliseconds patience = base::limits::default_patience;  // with object stores
  // Before an attempt is made again, or a write that the store did not take.
  std::chrono::milliseconds retry_pause = base::limits::job_retry_pause;
  // Nobody wakes a worker for a job whose pause is over: it looks.
  std::chrono::milliseconds look_interval = base::limits::job_look_interval;
};

}  // namespace jobs
