#include "app/account_command.h"

#include "accounts/account.h"
#include "accounts/key_file.h"
#include "app/exit_code.h"
#include "app/s3_session.h"
#include "app/serve.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/visible_text.h"
#include "jobs/kept_credentials.h"
#include "jobs/sqlite_store.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

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

namespace {

base::Secret read_user_secret() {
  if (char const* const value = std::getenv("S3ZIPPER_USER_SECRET"); value != nullptr)
    return base::Secret(value);
  if (::isatty(STDIN_FILENO) == 1) std::fputs("userSecret: ", stderr);
  constexpr std::size_t longest = 256;
  std::string line;
  line.reserve(longest);  // growing would leave copies
  for (int c = std::getchar(); c != EOF && c != '\n' && line.size() < longest; c = std::getchar())
    line += static_cast<char>(c);
  if (line.ends_with('\r')) line.pop_back();
  return base::Secret(std::move(line));
}

jobs::Kept kept_of(CredentialsCommand const& command) {
  AwsSettings settings = read_aws_settings(command.aws);
  jobs::Kept kept;
  kept.credentials = std::move(settings.credentials);
  kept.region = settings.region;
  if (!settings.endpoint_url.empty()) kept.endpoint = s3::to_url(endpoint_of(settings));
  for (std::string const& bucket : command.buckets) {
    if (!s3::is_bucket_name(bucket))
      throw UsageError(fmt::format("--bucket {}: no bucket has such a name", bucket));
  }
  if (command.buckets.size() > base::limits::max_kept_buckets)
    throw UsageError(fmt::format("--bucket: {} are the limit", base::limits::max_kept_buckets));
  kept.credentials.allowed_buckets = command.buckets;
  return kept;
}

}  // namespace

void keep_account_credentials(Config const& config, std::string const& who,
                              CredentialsCommand const& command) {
  Desk desk(config);
  accounts::Account const account = desk.find(who);
  if (command.remove) {
    bool const erased = desk.store.erase_kept_credentials(account.id);
    print(fmt::format("{} {}\n", base::visible(account.name),
                      erased ? "keeps no credentials here any more" : "kept no credentials here"));
    return;
  }
  jobs::Kept kept = kept_of(command);
  kept.user_secret = read_user_secret();
  if (!accounts::verify_secret(account, kept.user_secret.reveal(), desk.keys))
    throw base::Error(base::Fault::unauthorized,
                      fmt::format("the userSecret is not {}'s; give it on standard input, or in "
                                  "S3ZIPPER_USER_SECRET",
                                  account.name));
  desk.store.keep_credentials(jobs::seal_kept(desk.keys, account, kept, base::unix_now()));
  print(fmt::format("{} keeps the credentials of the access key {} here.\n",
                    base::visible(account.name), kept.credentials.access_key));
}

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
    print(fmt::format("{:<24} {:<22} {:<22} {}\n", base::visible(account.name), account.user_key,
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
  print(
      fmt::format("{} is disabled; its tokens and links end now.\n", base::visible(account.name)));
}

}  // namespace app
