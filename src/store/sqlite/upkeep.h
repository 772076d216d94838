// The upkeep of the store in SQLite: what ends by itself stands in upkeep.cc, what ends with an
// account in account_ends.cc.
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

// Steps of remove_expired(): true where more is left to do. (account_ends.cc)
// Of accounts that ended, or whose keys were rotated: their links and jobs end.
bool end_work_of_accounts(SqliteDatabase& database, base::UnixSeconds now);
// The records of deleted accounts go, once nothing is left to do for them.
bool delete_left_accounts(SqliteDatabase& database);

}  // namespace store
