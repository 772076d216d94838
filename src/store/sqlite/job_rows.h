// Rows of jobs and links, and how jobs end. Functions on a connection that is in a transaction.
#pragma once

#include "store/records/job.h"
#include "store/records/link.h"
#include "store/records/new_work.h"
#include "store/sqlite/connection.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {

// These read the row with the plan, without request and credentials. (jobs.cc, links.cc)
std::optional<Job> read_job(SqliteConnection& connection, std::string_view id);
std::optional<Link> read_link(SqliteConnection& connection, std::string_view id);

// Whether the hold still has its running job, or its listing link. (job_runs.cc, links.cc)
bool holds_job(SqliteConnection& connection, Hold const& hold);
bool holds_link(SqliteConnection& connection, Hold const& hold);

// Ends a job that has not ended, by another's will than its runner's. If it has begun to write, its
// credentials stay until it is cleaned. False if it has ended, or is unknown. (job_ends.cc)
struct EarlyEnd {
  JobState state = JobState::cancelled;  // or failed
  std::string_view error;
};
bool end_early(SqliteConnection& connection, std::string_view job_id, EarlyEnd const& end,
               base::UnixSeconds now);

// Ends a link's life: credentials and selection go. (links.cc)
void erase_link(SqliteConnection& connection, std::string_view id);

// The ids of a page. The caller has bound the query's first values, such as the account; the others
// are the time to list from, the place and the limit. (jobs.cc)
std::vector<std::string> read_page(SqliteQuery& query, ListQuery const& page);

}  // namespace store
