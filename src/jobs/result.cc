#include "jobs/result.h"

#include "base/text.h"
#include "store/master_keys.h"

namespace jobs {

std::string seal_result(accounts::Keys const& keys, std::string_view job_id,
                        std::vector<std::string> const& urls) {
  std::string lines;
  for (std::string const& url : urls) lines.append(lines.empty() ? "" : "\n").append(url);
  return keys.seal(lines, store::result_context(job_id));
}

std::vector<std::string> open_result(accounts::Keys const& keys, store::Job const& job) {
  base::Secret const lines = keys.open(job.sealed_result, store::result_context(job.id));
  std::vector<std::string> urls;
  for (std::string_view const url : base::split(lines.reveal(), '\n')) urls.emplace_back(url);
  return urls;
}

}  // namespace jobs
