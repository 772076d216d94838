// What a job and a stream (the owner) have beside their row: request, credentials, plan, selection.
// Functions on a connection that is in a transaction.
#pragma once

#include "jobs/job.h"
#include "jobs/sqlite_connection.h"

#include <string>
#include <string_view>

namespace jobs {

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

// All parts but the selection's chunks.
void delete_parts(SqliteConnection& connection, std::string_view owner_id);

}  // namespace jobs
