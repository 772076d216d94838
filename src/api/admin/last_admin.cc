#include "api/admin/last_admin.h"

#include "base/error.h"

#include <algorithm>

namespace api {

net::task<void> check_is_not_last_admin(store::Accounts& accounts,
                                        accounts::Account const& account) {
  if (!account.is_admin) co_return;
  std::string const id = account.id;
  std::vector<accounts::Account> const all = co_await accounts.list();
  bool const is_another = std::ranges::any_of(all, [&](accounts::Account const& other) {
    return other.is_admin && !other.disabled && other.id != id;
  });
  if (!is_another)
    throw base::Error(base::Fault::conflict,
                      "this is the only administrator; make another account one first");
}

}  // namespace api
