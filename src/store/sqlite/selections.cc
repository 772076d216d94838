#include "store/sqlite/selections.h"

#include "base/limits.h"
#include "store/sqlite/job_rows.h"
#include "store/sqlite/owned_rows.h"

namespace store {
namespace {

void put_chunk(SqliteConnection& connection, std::string_view owner_id, std::uint64_t index,
               std::string_view chunk) {
  // A drop that a dead process began must not go on with these chunks.
  SqliteQuery(connection, "DELETE FROM dropped_selections WHERE owner_id = ?").text(owner_id).run();
  SqliteQuery(connection,
              "INSERT OR REPLACE INTO selection_chunks (owner_id, chunk_index, body)"
              " VALUES (?, ?, ?)")
      .text(owner_id)
      .number(index)
      .blob(chunk)
      .run();
}

}  // namespace

// Relaxed: freezing syncs all chunks.
net::task<bool> SqliteSelections::put(Hold hold, std::uint64_t index, std::string chunk) {
  return write(WriteMode::relaxed, [hold = std::move(hold), index,
                                    chunk = std::move(chunk)](SqliteConnection& connection) {
    if (!holds_job(connection, hold) && !holds_link(connection, hold)) return false;
    put_chunk(connection, hold.id, index, chunk);
    return true;
  });
}

net::task<std::optional<std::string>> SqliteSelections::get(std::string owner_id,
                                                            std::uint64_t index) {
  return read([owner_id = std::move(owner_id), index](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT body FROM selection_chunks WHERE owner_id = ? AND chunk_index = ?");
    std::optional<std::string> chunk;
    if (query.text(owner_id).number(index).next()) chunk = query.read_text();
    return chunk;
  });
}

void drop_erased_selection(SqliteDatabase& database, std::string_view owner_id) {
  database.note_erasure();
  auto const drop = [&](SqliteConnection& connection) {
    return drop_some_chunks(connection, owner_id);
  };
  while (database.write(WriteMode::bulk_delete, drop) == base::limits::drop_step_chunks) {
  }
}

}  // namespace store
