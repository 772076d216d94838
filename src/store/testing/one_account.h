// For tests whose subject is not accounts: one of these, and keys that seal what is stored for it.
#pragma once

#include "accounts/keys.h"
#include "store/store.h"

#include <string>

namespace store {

// Of the only account, which is its name and its user key too.
inline constexpr char const* only_account = "account";

// The same at each call: what one opens, the other has sealed.
accounts::Keys only_keys();

// The account's row.
void insert_only_account(Store const& store);

}  // namespace store
