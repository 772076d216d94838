// Selections in SQLite: chunks of some 200 kB in rows of their own. Deleting many takes long, so
// that is done in steps, between which others write; what a dead process left of a dropped
// selection goes with remove_expired(). Freed pages keep their content (bulk_delete): names of
// objects are not worth writing 125 MB of zeros for 500 chunks, which takes eight times as long.
#include "base/error.h"
#include "base/limits.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

#include <fmt/format.h>

namespace store {
namespace {

void check_owner(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery query(connection,
                    "SELECT 1 FROM jobs WHERE id = ? AND state NOT IN ('SUCCESS', 'FAILURE')"
                    " UNION ALL SELECT 1 FROM streams WHERE id = ? AND erased = 0");
  if (query.text(owner_id).text(owner_id).next()) return;
  throw base::Error(
      base::Fault::conflict,
      fmt::format("{} has ended, or does not exist: no selection is kept for it", owner_id));
}

}  // namespace

// Relaxed: freezing syncs them all.
void SqliteStore::put_selection_chunk(std::string_view owner_id, std::uint64_t index,
                                      std::string_view chunk) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    check_owner(connection, owner_id);
    // A drop that a dead process began must not go on with these.
    SqliteQuery(connection, "DELETE FROM dropped_selections WHERE owner_id = ?")
        .text(owner_id)
        .run();
    SqliteQuery(connection,
                "INSERT OR REPLACE INTO selection_chunks (owner_id, chunk_index, body)"
                " VALUES (?, ?, ?)")
        .text(owner_id)
        .number(index)
        .blob(chunk)
        .run();
  });
}

std::optional<std::string> SqliteStore::get_selection_chunk(std::string_view owner_id,
                                                            std::uint64_t index) {
  return database_->read([&](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT body FROM selection_chunks WHERE owner_id = ? AND chunk_index = ?");
    query.text(owner_id).number(index);
    std::optional<std::string> chunk;
    if (query.next()) chunk = query.read_text();
    return chunk;
  });
}

void SqliteStore::drop_selection(std::string_view owner_id) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    mark_selection_dropped(connection, owner_id);
  });
  drop_marked_selection(owner_id);
}

void SqliteStore::drop_marked_selection(std::string_view owner_id) {
  std::size_t dropped = 0;
  do {
    dropped = database_->write(WriteMode::bulk_delete, [&](SqliteConnection& connection) {
      return drop_some_chunks(connection, owner_id);
    });
  } while (dropped == base::limits::drop_step_chunks);
}

}  // namespace store
