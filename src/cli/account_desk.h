// The database and the keys on which the account commands work, whether the server runs or not.
#pragma once

#include "accounts/account.h"
#include "accounts/keys.h"
#include "accounts/user_key.h"
#include "server/data_folder.h"
#include "store/sqlite/store.h"

#include <string>

namespace cli {

struct AccountDesk {
  explicit AccountDesk(server::DataFolder folder);

  // `who`: a name or a userKey. Error{not_found} if there is no such account.
  accounts::Account find(std::string const& who);
  // The key that `who` names, or else the only one of the account that it names. Error{not_found}
  // if it has none, {conflict} if it has several.
  accounts::UserKey find_key(std::string const& who);
  // The account as it is by now. Error{conflict} if it has been deleted.
  accounts::Account read_back(accounts::Account const& account);

  accounts::Keys keys;
  store::SqliteStore database;
  store::Store const& store = database.store();
};

// To standard output.
void print(std::string const& text);

}  // namespace cli
