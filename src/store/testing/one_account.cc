#include "store/testing/one_account.h"

#include "net/runtime.h"

#include <array>

namespace store {

accounts::Keys only_keys() {
  std::array<base::Secret, 1> const master{
      base::Secret(std::string(accounts::master_key_bytes, 'k'))};
  return accounts::Keys(master);
}

void insert_only_account(Store const& store) {
  accounts::Account account;
  account.id = account.name = only_account;
  net::run_to_end(store.accounts.insert(account));
}

}  // namespace store
