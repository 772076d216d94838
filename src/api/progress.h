// How far a zip is, as replies tell it.
#pragma once

#include "api/service.h"
#include "archive/progress.h"
#include "store/records/job.h"

namespace api {

// Of a job that runs in this process what its executor has counted, else what the store knows.
archive::Progress progress_of(Service const& service, store::Job const& job);

}  // namespace api
