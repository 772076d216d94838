#include "archive/select/target_metadata.h"

#include "archive/select/own_zips.h"
#include "s3/messages/attributes.h"

#include <algorithm>

namespace archive {

std::optional<std::string> flaw_of_target_metadata(std::vector<http::Field> const& lines) {
  http::Field const& last = lines.back();
  if (auto flaw = s3::flaw_of_metadata(last)) return flaw;
  if (last.name == job_metadata || last.name == sources_metadata) return "is our own";
  if (std::ranges::count(lines, last.name, &http::Field::name) > 1)
    return "is there twice: capitals make no difference";
  std::vector<http::Field> with_ours = lines;
  constexpr std::size_t longest_job_id = 44;  // of a command: "command-" and a uuid
  with_ours.push_back({std::string(job_metadata), std::string(longest_job_id, '-')});
  with_ours.push_back({std::string(sources_metadata), sources_digest({})});
  return s3::flaw_of_metadata_size(with_ours);
}

}  // namespace archive
