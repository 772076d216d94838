// Multipart uploads of jobs that failed while the store could not be reached: aborted as soon as it
// can be, so that nothing is left in the bucket.
#pragma once

#include "jobs/context.h"

namespace jobs {

// Looks for them and tries, for ever; runs on `loop`. An upload that S3 does not let us abort is
// tried again at growing pauses for as long as the store keeps its job.
net::task<void> abort_left_uploads(Context const& context, Loop loop);

}  // namespace jobs
