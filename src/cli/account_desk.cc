#include "cli/account_desk.h"

#include "base/error.h"
#include "base/visible_text.h"
#include "net/runtime.h"
#include "store/master_keys.h"

#include <cstdio>

#include <fmt/format.h>

namespace cli {

using base::Error;
using base::Fault;
using net::result_of;
using store::AccountKey;

AccountDesk::AccountDesk(server::DataFolder folder)
    : keys(folder.take_keys()), database({.path = folder.database()}) {
  // A secret that is kept under another key would be of no use to the server.
  net::run_to_end(server::check_keys_of_server(store.upkeep, folder.database(), keys));
  store::take_up_keys(database.sealed(), keys);
  for (std::string const& made : folder.notes().made) fmt::print(stderr, "s3zipper: {}\n", made);
  if (!folder.notes().warning.empty()) fmt::print(stderr, "s3zipper: {}\n", folder.notes().warning);
}

accounts::Account AccountDesk::find(std::string const& who) {
  if (auto account = result_of(store.accounts.find(AccountKey::name, who))) return *account;
  if (auto known = result_of(store.user_keys.find(who))) return known->account;
  throw Error(Fault::not_found,
              fmt::format("there is no account \"{}\"; see: s3zipper account list", who));
}

accounts::UserKey AccountDesk::find_key(std::string const& who) {
  accounts::Account const account = find(who);
  std::vector<accounts::UserKey> const all = result_of(store.user_keys.list(account.id));
  for (accounts::UserKey const& key : all) {
    if (key.user_key == who) return key;
  }
  std::string const name = base::visible(account.name);
  if (all.empty())
    throw Error(Fault::not_found,
                fmt::format("{} has no key; make one: s3zipper account add-key", name));
  if (all.size() > 1)
    throw Error(Fault::conflict,
                fmt::format("{} has {} keys; name one by its userKey", name, all.size()));
  return all.front();
}

accounts::Account AccountDesk::read_back(accounts::Account const& account) {
  auto const now = result_of(store.accounts.find(AccountKey::id, account.id));
  if (!now)
    throw Error(Fault::conflict, fmt::format("{} has been deleted meanwhile", account.name));
  return *now;
}

void print(std::string const& text) {
  std::fputs(text.c_str(), stdout);
}

}  // namespace cli
