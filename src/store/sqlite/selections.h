// Selections in SQLite: chunks of some 200 kB in rows of their own. Deleting many takes long, so
// that is done in steps, between which others write; chunks that a dead process left of a dropped
// selection go with remove_expired(). Freed pages keep their content (bulk_delete): names of
// objects are not worth writing 125 MB of zeros for 500 chunks, which takes eight times as long.
#pragma once

#include "store/selections.h"
#include "store/sqlite/part.h"

#include <string_view>

namespace store {

class SqliteSelections final : public Selections, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<bool> put(Hold hold, std::uint64_t index, std::string chunk) override;
  net::task<std::optional<std::string>> get(std::string owner_id, std::uint64_t index) override;
};

// Deletes the chunks of a link's selection, after a transaction that has erased the link.
void drop_erased_selection(SqliteDatabase& database, std::string_view owner_id);

}  // namespace store
