// One job, from its claim to its end.
#pragma once

#include "jobs/tools.h"

#include <string>

namespace jobs {

// Runs a job that this process has claimed, until it has ended, is to wait for another attempt, or
// is not ours any more. Errors are the job's; what is thrown is the store's, or cancellation: then
// the job goes on at the next start.
net::task<void> run_job(Tools const& tools, store::Job job);

// Ends a job as cancelled, at once; who runs it, here or elsewhere, stops soon and cleans up. False
// where it has ended already or is unknown.
net::task<bool> cancel_job(store::Jobs& jobs, store::LiveZips& live, std::string id);

}  // namespace jobs
