// For tests whose subject is not accounts: one account, and keys that seal the values stored for
// it.
#pragma once

#include "accounts/keys.h"
#include "store/store.h"

#include <string>

namespace store {

// The id of the only account, which is its name too.
inline constexpr char const* only_account = "account";

// The same keys at each call: one call's keys open what another's have sealed.
accounts::Keys only_keys();

// The account's row.
void insert_only_account(Store const& store);

}  // namespace store
