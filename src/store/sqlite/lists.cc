// Lists of an account's jobs and streams in SQLite, page by page.
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

#include <limits>

namespace store {
namespace {

// The end of the page before, or what comes before all.
ListQuery::Place place_of(ListQuery const& query) {
  ListQuery::Place const newest{std::numeric_limits<base::UnixSeconds>::max(), ""};
  return query.after.value_or(newest);
}

// Ids, by a statement whose values are the account, a state twice, the first time to list from,
// the place and the limit.
std::vector<std::string> page(SqliteConnection& connection, char const* sql, ListQuery const& query,
                              std::string_view state) {
  ListQuery::Place const place = place_of(query);
  return SqliteQuery(connection, sql)
      .text(query.account_id)
      .text(state)
      .text(state)
      .number(query.created_from)
      .number(place.created_at)
      .text(place.id)
      .number(query.limit)
      .read_texts();
}

}  // namespace

std::vector<Job> SqliteStore::list_jobs(ListQuery const& query, std::optional<JobState> state) {
  return database_->read([&](SqliteConnection& connection) {
    std::string_view wanted = state ? name(*state) : "";
    if (state == JobState::cancelled) wanted = "cancelled";
    std::vector<Job> jobs;
    for (std::string const& id :
         page(connection,
              "SELECT id FROM jobs WHERE account_id = ?"
              " AND (? = '' OR CASE cancelled WHEN 0 THEN state ELSE 'cancelled' END = ?)"
              " AND created_at >= ? AND (created_at, id) < (?, ?)"
              " ORDER BY created_at DESC, id DESC LIMIT ?",
              query, wanted))
      jobs.push_back(*read_job_state(connection, id));
    return jobs;
  });
}

std::vector<Stream> SqliteStore::list_streams(ListQuery const& query) {
  return database_->read([&](SqliteConnection& connection) {
    std::vector<Stream> streams;
    for (std::string const& id :
         page(connection,
              "SELECT id FROM streams WHERE account_id = ? AND (? = '' OR state = ?)"
              " AND created_at >= ? AND (created_at, id) < (?, ?)"
              " ORDER BY created_at DESC, id DESC LIMIT ?",
              query, ""))
      streams.push_back(*read_stream_state(connection, id));
    return streams;
  });
}

}  // namespace store
