// Functions by which other files of the store ask and change accounts, on a connection that is in a
// transaction.
#pragma once

#include "base/clock.h"
#include "store/records/usage.h"
#include "store/sqlite/connection.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace store {

// Error{unauthorized} if the account is disabled.
void check_may_work(SqliteConnection& connection, std::string_view account_id);
// Whether the account is disabled, deleted or unknown.
bool is_ended(SqliteConnection& connection, std::string_view account_id);

// Counts nothing if the account is gone.
void add_usage(SqliteConnection& connection, std::string_view account_id, Counted what,
               std::uint64_t amount, base::UnixSeconds now);
// The hour in which usage of this time is counted.
std::int64_t usage_hour(base::UnixSeconds time);

}  // namespace store
