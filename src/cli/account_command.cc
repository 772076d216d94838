#include "cli/account_command.h"

#include "accounts/account.h"
#include "api/links/error_url.h"
#include "api/service.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/visible_text.h"
#include "cli/account_desk.h"
#include "cli/exit_code.h"
#include "cli/prompt.h"
#include "cli/s3_session.h"
#include "net/runtime.h"
#include "store/erasing_clock.h"
#include "store/kept_credentials.h"

#include <cstdlib>

#include <fmt/format.h>

namespace cli {

using base::Error;
using base::Fault;

namespace {

using net::result_of;
using store::Standing;
using Desk = AccountDesk;

void print_key(accounts::UserKey const& key, base::Secret const& secret, bool as_json) {
  if (as_json) {
    return print(fmt::format("{{\"userKey\":\"{}\",\"userSecret\":\"{}\"}}\n", key.user_key,
                             secret.reveal()));
  }
  print(fmt::format("userKey: {}\nuserSecret: {}\n\nKeep the userSecret: it is not shown again.\n",
                    key.user_key, secret.reveal()));
}

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

// Sets the key of the account whose secret is among the credentials.
void take_key(Desk& desk, accounts::Account const& account, store::UnsealedCredentials& kept) {
  for (accounts::UserKey const& key : result_of(desk.store.user_keys.list(account.id))) {
    auto const generation =
        accounts::match_secret(key, kept.user_secret.reveal(), desk.keys, base::unix_now());
    if (!generation || account.disabled) continue;
    kept.user_key = key.user_key;
    kept.key_generation = *generation;
    return;
  }
  throw Error(Fault::unauthorized,
              fmt::format("the userSecret is not {}'s; give it on standard input, or in "
                          "S3ZIPPER_USER_SECRET",
                          account.name));
}

}  // namespace

void keep_account_credentials(server::Config const& config, std::string const& who,
                              CredentialsCommand const& command) {
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  if (command.remove) {
    bool const erased = result_of(desk.store.user_keys.erase_kept(account.id));
    print(fmt::format("{} {}\n", base::visible(account.name),
                      erased ? "keeps no credentials here any more" : "kept no credentials here"));
    return;
  }
  store::UnsealedCredentials kept = kept_of(command);
  kept.user_secret = read_user_secret();
  take_key(desk, account, kept);
  net::run_to_end(
      desk.store.user_keys.keep(store::seal_kept(desk.keys, account.id, kept, base::unix_now())));
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
  if (!only_shown) result_of(desk.store.accounts.set_error_url(account.id, url));
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
  base::UnixSeconds const now = base::unix_now();
  accounts::Account const account = accounts::new_account(name, now);
  accounts::NewUserKey const made = accounts::new_user_key(account.id, "default", desk.keys, now);
  net::run_to_end(desk.store.accounts.insert(account, made.key));
  print_key(made.key, made.secret, as_json);
}

void add_account_key(server::Config const& config, std::string const& who, std::string const& name,
                     bool as_json) {
  Desk desk(server::DataFolder::open(config));
  accounts::NewUserKey const made =
      accounts::new_user_key(desk.find(who).id, name, desk.keys, base::unix_now());
  net::run_to_end(desk.store.user_keys.insert(made.key));
  print_key(made.key, made.secret, as_json);
}

void list_accounts(server::Config const& config) {
  Desk desk(server::DataFolder::open(config));
  auto const print_row = [](accounts::Account const& account, std::string_view user_key) {
    print(fmt::format("{:<24} {:<22} {:<22} {}\n", base::visible(account.name), user_key,
                      base::rfc3339(account.created_at), account.disabled ? "disabled" : "active"));
  };
  print(fmt::format("{:<24} {:<22} {:<22} {}\n", "name", "userKey", "created", "state"));
  for (accounts::Account const& account : result_of(desk.store.accounts.list())) {
    std::vector<accounts::UserKey> const keys = result_of(desk.store.user_keys.list(account.id));
    if (keys.empty()) print_row(account, "-");
    for (accounts::UserKey const& key : keys) print_row(account, key.user_key);
  }
}

namespace {

[[noreturn]] void throw_disabled(accounts::Account const& account) {
  throw Error(Fault::conflict,
              fmt::format("{} is disabled, and no keys of it work; first: s3zipper account enable "
                          "{}",
                          account.name, account.name));
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

// The account itself may be renewing the secret at this moment: then this tries once more, from its
// new state.
void rotate_account(server::Config const& config, std::string const& who, bool as_json) {
  Desk desk(server::DataFolder::open(config));
  constexpr int most_tries = 8;
  constexpr std::chrono::seconds no_overlap(0);
  for (int tries = 0; tries < most_tries; ++tries) {
    accounts::UserKey key = desk.find_key(who);
    accounts::Account const account = desk.find(key.user_key);
    if (account.disabled) throw_disabled(account);
    base::Secret const secret =
        accounts::renew_secret(key, no_overlap, desk.keys, base::unix_now());
    if (result_of(desk.store.user_keys.rotate(key))) return print_key(key, secret, as_json);
  }
  throw Error(Fault::conflict,
              fmt::format("somebody else is renewing the secret of {} all the time", who));
}

void disable_account(server::Config const& config, std::string const& who) {
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  check_is_nobodys(account);
  bool const changed = result_of(desk.store.accounts.set_standing(account.id, Standing::disabled));
  end_work(desk.store.upkeep);
  if (!desk.read_back(account).disabled)
    throw Error(Fault::conflict, fmt::format("{} has been enabled again meanwhile", account.name));
  print(fmt::format("{} {}; its tokens, links and jobs end now.\n", base::visible(account.name),
                    changed ? "is disabled" : "was disabled already"));
}

void enable_account(server::Config const& config, std::string const& who) {
  Desk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  bool const changed = result_of(desk.store.accounts.set_standing(account.id, Standing::active));
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
  result_of(desk.store.accounts.set_standing(account.id, Standing::deleted));
  end_work(desk.store.upkeep);
  if (result_of(desk.store.accounts.find(store::AccountKey::id, account.id)))
    throw Error(Fault::conflict, fmt::format("{} is still there", account.name));
  print(fmt::format("{} is deleted; its tokens, links and jobs end now.\n",
                    base::visible(account.name)));
}

}  // namespace cli
