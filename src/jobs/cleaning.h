// Removes what failed and cancelled jobs have left in the bucket, as soon as the bucket can be
// reached: their unfinished upload, and zips that were finished before the end came.
#pragma once

#include "archive/request.h"
#include "jobs/tools.h"

namespace jobs {

// Removes a zip if its metadata name the job. False if another object stands at the key, and stays.
// Error{forbidden} if the metadata of a zip that `was_finished` cannot be seen.
net::task<bool> remove_zip(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName zip,
                           std::string job_id, bool was_finished);

// Removes what the job has left, and only that: its own upload, and of its targets those whose
// metadata name it. Throws if something may be there still.
net::task<void> clean_up(std::shared_ptr<s3::ObjectStore> store, archive::Request const& request,
                         store::Job const& job);

// The pause, in seconds, before a chore that failed so often is tried again.
base::UnixSeconds pause_after_failures(int failures);

// Cleans up one job that a look has found; does nothing if it has been cleaned meanwhile, or runs
// anew.
net::task<void> clean_up_left_job(Tools const& tools, store::Chore chore);

// Tries the chores that are due; one that fails is due again after growing pauses, for as long as
// the store keeps the job.
net::task<void> clean_up_left_jobs(Tools const& tools);

}  // namespace jobs
