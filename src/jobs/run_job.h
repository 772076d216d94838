// One job, from its claim to its end.
#pragma once

#include "jobs/seats.h"
#include "jobs/tools.h"

#include <string>

namespace jobs {

// Runs a job that this process has claimed, until it has ended, is to wait for another attempt, or
// is not ours any more. Errors end the job's attempt; only the store's errors and cancellation are
// thrown: then the job goes on at the next start. While the job stands still it leaves the seat.
net::task<void> run_job(Tools const& tools, store::Job job, Seats::Seat seat = {});

// Ends a job as cancelled, at once; its runner, here or elsewhere, stops soon and cleans up. False
// if it has ended already or is unknown.
net::task<bool> cancel_job(store::Jobs& jobs, store::LiveZips& live, std::string id);

}  // namespace jobs
