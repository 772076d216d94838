// The upkeep of the store in SQLite: upkeep.cc ends old records, account_ends.cc those of ended
// accounts.
#pragma once

#include "store/sqlite/part.h"
#include "store/upkeep.h"

namespace store {

class SqliteUpkeep final : public Upkeep, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<std::optional<std::string>> get_setting(std::string name) override;
  net::task<void> set_setting(std::string name, std::string value) override;
  net::task<void> check_usable() override;
  net::task<bool> remove_expired(base::UnixSeconds now) override;
};

// Steps of remove_expired(): true if more is left to do. (account_ends.cc)
// Ends links and jobs of ended accounts, and links that were signed by keys since rotated.
bool end_work_of_accounts(SqliteDatabase& database, base::UnixSeconds now);
// The records of deleted accounts go, once nothing is left to do for them.
bool delete_left_accounts(SqliteDatabase& database);

}  // namespace store
