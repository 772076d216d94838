#include "cli/account_command.h"

#include "accounts/account.h"
#include "api/links/error_url.h"
#include "api/service.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/visible_text.h"
#include "cli/exit_code.h"
#include "cli/prompt.h"
#include "cli/s3_session.h"
#include "net/runtime.h"
#include "server/data_folder.h"
#include "store/erasing_clock.h"
#include "store/kept_credentials.h"
#include "store/master_keys.h"
#include "store/sqlite/store.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace cli {

using base::Error;
using base::Fault;

namespace {

using net::result_of;
using store::AccountKey;
using store::Standing;

struct Desk {
  explicit Desk(server::DataFolder folder)
      : keys(folder.take_keys()), database({.path = folder.database()}) {
    // A secret that is kept under another key would be of no use to the server.
    net::run_to_end(server::check_keys_of_server(database.store().upkeep, folder.database(), keys));
    store::take_up_keys(database.sealed(), keys);
    for (std::string const& made : folder.notes().made) fmt::print(stderr, "s3zipper: {}\n", made);
    if (!folder.notes().warning.empty())
      fmt::print(stderr, "s3zipper: {}\n", folder.notes().warning);
  }

  accounts::Account find(std::string const& who) {
    auto account = result_of(accounts.find(AccountKey::name, who));
    if (!account) account = result_of(accounts.find(AccountKey::user_key, who));
    if (!account) {
      throw Error(Fault::not_found,
                  fmt::format("there is no account \"{}\"; see: s3zipper account list", who));
    }
    return *account;
  }

  // The account as it is by now.
  accounts::Account read_back(accounts::Account const& account) {
    auto const now = result_of(accounts.find(AccountKey::id, account.id));
    if (!now)
      throw Error(Fault::conflict, fmt::format("{} has been deleted meanwhile", account.name));
    return *now;
  }

  accounts::Keys keys;
  store::SqliteStore database;
  store::Accounts& accounts = database.store().accounts;
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

namespace {

base::Secret read_user_secret() {
  if (char const* const value = std::getenv("S3ZIPPER_USER_SECRET"); value != nullptr)
    return base::Secret(value);
  return ask_secret("userSecret: ");
}

store::UnsealedCredentials kept_of(CredentialsCommand const& command) {
  aws::AwsSettings settings = read_aws_settings(command.aws);
  store::UnsealedCredentials kept;
  kept.credentials = std::move(settings.credentials);
  kept.region = settings.region;
  if (!settings.endpoint_url.empty()) kept.endpoint = aws::to_url(aws::endpoint_of(settings));
  for (std::string const& bucket : command.buckets) {
    if (!aws::is_bucket_name(bucket))
      throw UsageError(fmt::format("--bucket {}: no bucket has such a name", bucket));
  }
  if (command.buckets.size() > base::limits::max_kept_buckets)
    throw UsageError(fmt::format("--bucket: {} are the limit", base::limits::max_kept_buckets));
  kept.credentials.allowed_buckets = command.buckets;
  return kept;
}

}  // namespace

void keep_account_credentials(server::Config const& config, std::string const& who,
                              CredentialsCommand const& command) {
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  if (command.remove) {
    bool const erased = result_of(desk.accounts.erase_kept(account.id));
    print(fmt::format("{} {}\n", base::visible(account.name),
                      erased ? "keeps no credentials here any more" : "kept no credentials here"));
    return;
  }
  store::UnsealedCredentials kept = kept_of(command);
  kept.user_secret = read_user_secret();
  if (!accounts::verify_secret(account, kept.user_secret.reveal(), desk.keys))
    throw Error(Fault::unauthorized,
                fmt::format("the userSecret is not {}'s; give it on standard input, or in "
                            "S3ZIPPER_USER_SECRET",
                            account.name));
  net::run_to_end(desk.accounts.keep(store::seal_kept(desk.keys, account, kept, base::unix_now())));
  print(fmt::format("{} keeps the credentials of the access key {} here.\n",
                    base::visible(account.name), kept.credentials.access_key));
}

void set_error_url(server::Config const& config, std::string const& who,
                   ErrorUrlCommand const& command) {
  if (command.remove && !command.url.empty()) throw UsageError("give a URL or --remove, not both");
  std::string const url = command.url.empty() ? "" : api::checked_error_url(command.url);
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  bool const only_shown = url.empty() && !command.remove;
  if (!only_shown) result_of(desk.accounts.set_error_url(account.id, url));
  accounts::Account const now = desk.read_back(account);
  if (!only_shown && now.error_url != url)
    throw Error(Fault::conflict,
                fmt::format("the error URL of {} has been changed meanwhile", account.name));
  std::string const name = base::visible(account.name);
  print(now.error_url.empty() ? fmt::format("{} has no error URL\n", name)
                              : fmt::format("visitors for whom a link of {} fails are sent to {}\n",
                                            name, now.error_url));
}

void create_account(server::Config const& config, std::string const& name, bool as_json) {
  Desk desk(server::DataFolder::open_or_make(config));
  accounts::NewAccount const made = accounts::create_account(name, desk.keys, base::unix_now());
  net::run_to_end(desk.accounts.insert(made.account));
  print_keys(made.account, made.user_secret, as_json);
}

void list_accounts(server::Config const& config) {
  Desk desk(server::DataFolder::open(config));
  print(fmt::format("{:<24} {:<22} {:<22} {}\n", "name", "userKey", "created", "state"));
  for (accounts::Account const& account : result_of(desk.accounts.list())) {
    print(fmt::format("{:<24} {:<22} {:<22} {}\n", base::visible(account.name), account.user_key,
                      base::rfc3339(account.created_at), account.disabled ? "disabled" : "active"));
  }
}

namespace {

[[noreturn]] void throw_disabled(accounts::Account const& account) {
  throw Error(Fault::conflict,
              fmt::format("{} is disabled, and no keys of it work; first: s3zipper account enable "
                          "{}",
                          account.name, account.user_key));
}

// Ends now all that the server has begun for the account, or its links.
void end_work(store::Upkeep& upkeep) {
  base::UnixSeconds const time = result_of(store::time_to_erase_by(upkeep, base::unix_now()));
  while (result_of(upkeep.remove_expired(time))) {
  }
}

void check_is_nobodys(accounts::Account const& account) {
  if (account.id == api::everybody_id)
    throw Error(Fault::conflict,
                "this is the account of all who call a server without accounts "
                "(auth.mode = none); it stays");
}

}  // namespace

// The account itself may be rotating its keys at this moment: then this tries once more, from its
// new state.
void rotate_account(server::Config const& config, std::string const& who, bool as_json) {
  Desk desk(server::DataFolder::open(config));
  constexpr int most_tries = 8;
  for (int tries = 0; tries < most_tries; ++tries) {
    accounts::Account account = desk.find(who);
    if (account.disabled) throw_disabled(account);
    base::Secret const secret = accounts::rotate_keys(account, desk.keys);
    if (!result_of(desk.accounts.rotate(account))) continue;
    accounts::Account const now = desk.read_back(account);
    if (now.disabled) throw_disabled(now);
    if (now.secret_hash == account.secret_hash) return print_keys(now, secret, as_json);
  }
  throw Error(Fault::conflict,
              fmt::format("somebody else is rotating the keys of {} all the time", who));
}

void disable_account(server::Config const& config, std::string const& who) {
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  check_is_nobodys(account);
  bool const changed = result_of(desk.accounts.set_standing(account.id, Standing::disabled));
  end_work(desk.database.store().upkeep);
  if (!desk.read_back(account).disabled)
    throw Error(Fault::conflict, fmt::format("{} has been enabled again meanwhile", account.name));
  print(fmt::format("{} {}; its tokens, links and jobs end now.\n", base::visible(account.name),
                    changed ? "is disabled" : "was disabled already"));
}

void enable_account(server::Config const& config, std::string const& who) {
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  bool const changed = result_of(desk.accounts.set_standing(account.id, Standing::active));
  if (desk.read_back(account).disabled)
    throw Error(Fault::conflict, fmt::format("{} has been disabled again meanwhile", account.name));
  print(changed ? fmt::format("{} is enabled: its userKey and userSecret work. Tokens, links and "
                              "kept credentials of before stay ended.\n",
                              base::visible(account.name))
                : fmt::format("{} is not disabled.\n", base::visible(account.name)));
}

void delete_account(server::Config const& config, std::string const& who, bool without_asking) {
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  check_is_nobodys(account);
  std::string const question = fmt::format(
      "Delete {} for good? Its links and running jobs end; the records of its jobs and the "
      "credentials that it keeps are erased. Zips that are in buckets stay there. [y/N] ",
      base::visible(account.name));
  if (!without_asking && !ask_yes(question))
    throw UsageError(fmt::format("{} stays; --yes deletes it without asking", account.name));
  result_of(desk.accounts.set_standing(account.id, Standing::deleted));
  end_work(desk.database.store().upkeep);
  if (result_of(desk.accounts.find(AccountKey::id, account.id)))
    throw Error(Fault::conflict, fmt::format("{} is still there", account.name));
  print(fmt::format("{} is deleted; its tokens, links and jobs end now.\n",
                    base::visible(account.name)));
}

}  // namespace cli
