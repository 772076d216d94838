// What jobs that failed or were cancelled have left in the bucket: their unfinished upload, and
// zips that were finished before the end came. Removed as soon as the store can be reached, so that
// nothing is left of them.
#pragma once

#include "store/context.h"

namespace jobs {

// Removes a zip if its metadata name the job. False where another's object stands at the key: it
// stays. Error{forbidden} where that cannot be seen of one that `was_finished`.
net::task<bool> remove_zip(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName zip,
                           std::string job_id, bool was_finished);

// Removes what the job has left, and only that: its own upload, and of its targets those whose
// metadata name it. Throws where something may be there still.
net::task<void> clean_up(std::shared_ptr<s3::ObjectStore> store, archive::Request const& request,
                         store::Job const& job);

// Looks for such jobs and tries, for ever; runs on `loop`. What S3 does not let us remove is tried
// again at growing pauses for as long as the store keeps its job.
net::task<void> clean_up_left_jobs(store::Context const& context, store::Loop loop);

}  // namespace jobs
