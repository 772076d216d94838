// What a job and a stream (the owner) have beside their row: request, credentials, plan, selection.
// Functions on a connection that is in a transaction.
#pragma once

#include "store/deliveries.h"
#include "store/job.h"
#include "store/sqlite/connection.h"

#include <optional>
#include <string>
#include <string_view>

namespace store {

// Error{corrupt} for a name that no state has.
JobState parse_job_state(std::string_view name);

void insert_request(SqliteConnection& connection, std::string_view owner_id,
                    std::string_view request);
std::string read_request(SqliteConnection& connection, std::string_view owner_id);

void insert_credentials(SqliteConnection& connection, std::string_view owner_id,
                        std::string_view sealed);
std::string read_credentials(SqliteConnection& connection, std::string_view owner_id);
// The form in which secrets lie in rows, so that nothing is left of them when they are erased.
std::string padded(std::string_view sealed);
std::string without_padding(std::string stored);
// Call SqliteDatabase::note_erasure() once the transaction is committed.
void erase_credentials(SqliteConnection& connection, std::string_view owner_id);

// Ends a job that has not ended, by another's will than its runner's: as cancelled, or as failed.
// Where it has begun to write, its credentials stay until it is cleaned. (cancel.cc)
struct EarlyEnd {
  std::string_view error;
  Counted counted;  // zips_cancelled or zips_failed
};
bool end_early(SqliteConnection& connection, std::string_view job_id, EarlyEnd const& end,
               base::UnixSeconds now);

// Error{unauthorized} where the account is disabled. (account_ends.cc)
void check_may_work(SqliteConnection& connection, std::string_view account_id);

// Nothing where the account is gone. (usage.cc)
void add_usage(SqliteConnection& connection, std::string_view account_id, Counted what,
               std::uint64_t amount, base::UnixSeconds now);

// Also drops the chunks from plan.chunk_count on, which an earlier listing may have left.
void write_plan(SqliteConnection& connection, std::string_view owner_id, PlanFacts const& plan);
PlanFacts read_plan(SqliteConnection& connection, std::string_view owner_id);

// Marks a selection as dropped; its chunks go in steps, in transactions of their own.
void mark_selection_dropped(SqliteConnection& connection, std::string_view owner_id);
// Deletes up to limits::drop_step_chunks chunks of a dropped selection; returns how many, and
// removes the mark where none is left.
std::size_t drop_some_chunks(SqliteConnection& connection, std::string_view owner_id);

// Where the account has used the key: the owner that it was used for; Error{conflict} where that
// was another request. Else it is now used for this owner: nullopt. So it is without a key.
std::optional<std::string> use_once(SqliteConnection& connection, std::string_view account_id,
                                    Once const& once, std::string_view owner_id);

// The row of a job or stream and its plan: all but request and credentials.
// (jobs.cc, streams.cc)
std::optional<Job> read_job_state(SqliteConnection& connection, std::string_view id);
std::optional<Stream> read_stream_state(SqliteConnection& connection, std::string_view id);

// Nothing happens where the owner has one. (deliveries.cc)
void insert_delivery_row(SqliteConnection& connection, Delivery const& delivery);

// Nothing where the zip stays. (expiry.cc)
void insert_expiry(SqliteConnection& connection, std::string_view job_id, Expiry const& expiry);
Expiry read_expiry(SqliteConnection& connection, std::string_view job_id);
// The job has succeeded. True where its own credentials are to delete the zip.
bool begin_expiry(SqliteConnection& connection, std::string_view job_id, base::UnixSeconds now);

void delete_plan(SqliteConnection& connection, std::string_view owner_id);
// All parts but the selection's chunks.
void delete_parts(SqliteConnection& connection, std::string_view owner_id);

}  // namespace store
