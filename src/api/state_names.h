// The names of a job's states for clients.
#pragma once

#include "store/records/job.h"

#include <string_view>

namespace api {

// The name in the compatible API, and in /metrics: "PENDING", "STARTED", "RETRY", "SUCCESS" or
// "FAILURE"; a cancelled job is a failure there.
std::string_view task_name(store::JobState state);

// The name in the native API: "pending", "running", "retrying", "succeeded", "failed" or
// "cancelled".
std::string_view native_name(store::JobState state);

}  // namespace api
