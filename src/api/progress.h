// The progress of a zip, as replies tell it.
#pragma once

#include "api/service.h"
#include "archive/progress.h"
#include "store/records/job.h"

namespace api {

// A job that runs in this process tells what its executor has counted, every other one what the
// store knows.
archive::Progress progress_of(Service const& service, store::Job const& job);

}  // namespace api
