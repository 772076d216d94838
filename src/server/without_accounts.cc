#include "server/without_accounts.h"

#include "accounts/account.h"
#include "api/service.h"
#include "aws/sources/instance_role.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/deadline.h"
#include "net/runtime.h"
#include "net/task_group.h"

#include <chrono>
#include <cstdlib>

namespace server {

namespace {

// Takes the credentials of the usual variables; true if they are there.
bool take_credentials_of_environment(aws::OwnCredentials& own) {
  auto const variable = [](char const* name) {
    char const* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  aws::Credentials credentials;
  credentials.access_key = variable("AWS_ACCESS_KEY_ID");
  credentials.secret_key = base::Secret(variable("AWS_SECRET_ACCESS_KEY"));
  credentials.session_token = base::Secret(variable("AWS_SESSION_TOKEN"));
  if (credentials.access_key.empty() || credentials.secret_key.empty()) return false;
  own.set(std::move(credentials), aws::OwnCredentials::never);
  return true;
}

net::task<void> keep_role_credentials(std::string url, aws::OwnCredentials& own,
                                      std::chrono::seconds pause) {
  for (;;) {
    co_await net::sleep(pause);
    pause = co_await aws::renew_role_credentials(url, own);
  }
}

// Renews credentials of which the object store says that they have ended before their time.
net::task<void> ask_for_role(std::string metadata_url, aws::OwnCredentials& own) {
  co_await aws::renew_role_credentials(std::move(metadata_url), own);
}

}  // namespace

std::vector<std::string> allowed_buckets(Config const& config) {
  return config.without_accounts ? config.ec2_allowed_buckets : std::vector<std::string>();
}

net::task<void> add_everybody(Config const& config, store::Accounts& accounts) {
  if (!config.without_accounts) co_return;
  std::string const id(api::everybody_id);
  if (co_await accounts.find(store::AccountKey::id, id)) co_return;
  accounts::Account account =
      accounts::new_account("everybody (auth.mode = none)", base::unix_now());
  account.id = id;
  co_await accounts.insert(std::move(account));
}

void start_own_credentials(Config const& config, net::Executor const& loop,
                           aws::OwnCredentials& own) {
  if (!config.without_accounts) return;
  base::log_warning("auth.mode = none: every client that reaches this server may use it");
  if (take_credentials_of_environment(own) || config.ec2_metadata_url.empty()) return;
  std::string const& url = config.ec2_metadata_url;
  std::chrono::seconds const pause = net::result_of(aws::renew_role_credentials(url, own));
  own.set_ask([url, &own] { return ask_for_role(url, own); });
  net::spawn_detached(loop, keep_role_credentials(url, own, pause), "role");
}

}  // namespace server
