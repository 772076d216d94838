// A server keeps an administrator who can act.
#pragma once

#include "accounts/account.h"
#include "store/accounts.h"

namespace api {

// Error{conflict} if the account is the only active administrator.
net::task<void> check_is_not_last_admin(store::Accounts& accounts,
                                        accounts::Account const& account);

}  // namespace api
