// The rows that a job or a link (the owner) has beside its own: request, credentials, plan,
// selection, mail and delivery. Functions on a connection that is in a transaction.
#pragma once

#include "store/records/message.h"
#include "store/records/new_work.h"
#include "store/records/plan_facts.h"
#include "store/sqlite/connection.h"

#include <optional>
#include <string>
#include <string_view>

namespace store {

void insert_request(SqliteConnection& connection, std::string_view owner_id,
                    std::string_view request);
std::string read_request(SqliteConnection& connection, std::string_view owner_id);

void insert_credentials(SqliteConnection& connection, std::string_view owner_id,
                        std::string_view sealed);
std::string read_credentials(SqliteConnection& connection, std::string_view owner_id);
// The form in which secrets lie in rows, so that nothing is left of them when they are erased.
std::string padded(std::string_view sealed);
std::string without_padding(std::string stored);
// The caller calls SqliteDatabase::note_erasure() once the transaction is committed.
void erase_credentials(SqliteConnection& connection, std::string_view owner_id);

// Also drops the chunks from plan.chunk_count() on, which an earlier listing may have left.
void write_plan(SqliteConnection& connection, std::string_view owner_id, PlanFacts const& plan);
PlanFacts read_plan(SqliteConnection& connection, std::string_view owner_id);
void delete_plan(SqliteConnection& connection, std::string_view owner_id);

// Marks a selection as dropped; its chunks go in steps, in transactions of their own.
void mark_selection_dropped(SqliteConnection& connection, std::string_view owner_id);
// Deletes up to limits::drop_step_chunks chunks of a dropped selection; returns how many, and
// removes the mark if none is left.
std::size_t drop_some_chunks(SqliteConnection& connection, std::string_view owner_id);

// If the account has used the key, the owner that it was used for; Error{conflict} if that was
// another request. Else nullopt, and the key is now used for this owner; also nullopt without a
// key.
std::optional<std::string> use_once(SqliteConnection& connection, std::string_view account_id,
                                    Once const& once, std::string_view owner_id);

// Inserts the messages that are to tell of the owner's end. (outbox.cc, like the next two)
void insert_messages(SqliteConnection& connection, std::optional<Mail> const& mail,
                     std::optional<Delivery> const& delivery);
// The owner has ended: its messages are due.
void make_messages_due(SqliteConnection& connection, std::string_view owner_id,
                       base::UnixSeconds now);
// The owner runs anew: its mail waits for the new end, a delivery takes the place of the one
// before.
void renew_messages(SqliteConnection& connection, std::string_view owner_id,
                    std::optional<Delivery> const& delivery);

// Deletes all of them but the selection's chunks.
void delete_owned_rows(SqliteConnection& connection, std::string_view owner_id);

}  // namespace store
