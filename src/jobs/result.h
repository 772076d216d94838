// The result of a job, the URLs of its zips: sealed for the job, and opened again.
#pragma once

#include "accounts/keys.h"
#include "store/records/job.h"

#include <string>
#include <string_view>
#include <vector>

namespace jobs {

std::string seal_result(accounts::Keys const& keys, std::string_view job_id,
                        std::vector<std::string> const& urls);
std::vector<std::string> open_result(accounts::Keys const& keys, store::Job const& job);

}  // namespace jobs
