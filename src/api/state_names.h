// What clients call the states of a job.
#pragma once

#include "store/records/job.h"

#include <string_view>

namespace api {

// Of the compatible API, and /metrics: "PENDING", "STARTED", "RETRY", "SUCCESS" or "FAILURE"; what
// was cancelled is a failure there.
std::string_view task_name(store::JobState state);

// Of the native API: "pending", "running", "retrying", "succeeded", "failed" or "cancelled".
std::string_view native_name(store::JobState state);

}  // namespace api
