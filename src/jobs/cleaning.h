// What jobs that failed or were cancelled have left in the bucket: their unfinished upload, and
// zips that were finished before the end came. Removed as soon as the bucket can be reached, so
// that nothing is left of them.
#pragma once

#include "archive/request.h"
#include "jobs/tools.h"

namespace jobs {

// Removes a zip if its metadata name the job. False where another's object stands at the key: it
// stays. Error{forbidden} where that cannot be seen of one that `was_finished`.
net::task<bool> remove_zip(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName zip,
                           std::string job_id, bool was_finished);

// Removes what the job has left, and only that: its own upload, and of its targets those whose
// metadata name it. Throws where something may be there still.
net::task<void> clean_up(std::shared_ptr<s3::ObjectStore> store, archive::Request const& request,
                         store::Job const& job);

// In seconds, before something in a bucket that failed so often is tried again.
base::UnixSeconds pause_after_failures(int failures);

// One job that a look has found; nothing where it has been cleaned meanwhile, or runs anew.
net::task<void> clean_up_left_job(Tools const& tools, store::Chore chore);

// Tries what is due; what is not removed is due again after growing pauses, for as long as the
// store keeps the job.
net::task<void> clean_up_left_jobs(Tools const& tools);

}  // namespace jobs
