#include "app/account_command.h"

#include "accounts/account.h"
#include "accounts/key_file.h"
#include "app/serve.h"
#include "base/clock.h"
#include "base/error.h"
#include "jobs/sqlite_store.h"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

namespace app {
namespace {

struct Desk {
  explicit Desk(Config const& config)
      : folder(std::filesystem::create_directories(config.data_dir)),
        keys(accounts::load_or_create_keys(key_paths(config))),
        store({.path = database_path(config)}) {
    // A secret that is kept under another key would be of no use to the server.
    check_master_key(store, keys);
  }

  accounts::Account find(std::string const& who) {
    auto account = store.find_account_by_name(who);
    if (!account) account = store.find_account_by_user_key(who);
    if (!account) {
      throw base::Error(base::Fault::not_found,
                        fmt::format("there is no account \"{}\"; see: s3zipper account list", who));
    }
    return *account;
  }

  bool folder;  // whether it was made just now
  accounts::Keys keys;
  jobs::SqliteStore store;
};

void print(std::string const& text) {
  std::fputs(text.c_str(), stdout);
}

void print_keys(accounts::Account const& account, base::Secret const& secret, bool as_json) {
  if (as_json) {
    return print(fmt::format("{{\"userKey\":\"{}\",\"userSecret\":\"{}\"}}\n", account.user_key,
                             secret.reveal()));
  }
  print(fmt::format("userKey: {}\nuserSecret: {}\n\nKeep the userSecret: it is not shown again.\n",
                    account.user_key, secret.reveal()));
}

}  // namespace

void create_account(Config const& config, std::string const& name, bool as_json) {
  Desk desk(config);
  accounts::NewAccount const made = accounts::create_account(name, desk.keys, base::unix_now());
  desk.store.insert_account(made.account);
  print_keys(made.account, made.user_secret, as_json);
}

void list_accounts(Config const& config) {
  Desk desk(config);
  print(fmt::format("{:<24} {:<22} {:<22} {}\n", "name", "userKey", "created", "state"));
  for (accounts::Account const& account : desk.store.list_accounts()) {
    print(fmt::format("{:<24} {:<22} {:<22} {}\n", account.name, account.user_key,
                      base::rfc3339(account.created_at), account.disabled ? "disabled" : "active"));
  }
}

void rotate_account(Config const& config, std::string const& who, bool as_json) {
  Desk desk(config);
  accounts::Account account = desk.find(who);
  base::Secret const secret = accounts::rotate_keys(account, desk.keys);
  desk.store.update_account(account);
  print_keys(account, secret, as_json);
}

void disable_account(Config const& config, std::string const& who) {
  Desk desk(config);
  accounts::Account account = desk.find(who);
  account.disabled = true;
  desk.store.update_account(account);
  while (desk.store.remove_expired(base::unix_now())) {
  }
  print(fmt::format("{} is disabled; its tokens and links end now.\n", account.name));
}

}  // namespace app
