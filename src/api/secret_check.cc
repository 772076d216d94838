#include "api/secret_check.h"

#include "accounts/account.h"
#include "api/watch/client_address.h"
#include "base/error.h"

#include <chrono>

#include <fmt/format.h>

namespace api {

using base::Error;
using base::Fault;

namespace {

// The secret is not looked at, right or wrong, before the time has passed.
void check_may_try(Service const& service, http::Exchange& exchange, std::string const& user_key,
                   std::optional<std::string> const& address) {
  auto const wait = service.throttle.wait(user_key, address, std::chrono::steady_clock::now());
  if (wait == std::chrono::seconds(0)) return;
  exchange.promise("Retry-After", std::to_string(wait.count()));
  throw Error(
      Fault::throttled,
      fmt::format("too many wrong userKeys or userSecrets; try again in {} s", wait.count()));
}

}  // namespace

net::task<std::optional<accounts::Account>> check_secret(Service const& service,
                                                         http::Exchange& exchange,
                                                         std::string user_key,
                                                         base::Secret user_secret) {
  std::optional<std::string> const address =
      client_address(exchange.stream().peer(), exchange.request().headers, service.trusted_proxies);
  check_may_try(service, exchange, user_key, address);
  auto account = co_await service.store.accounts.find(store::AccountKey::user_key, user_key);
  if (!accounts::verify_secret(account, user_secret.reveal(), service.keys)) {
    service.throttle.failed(user_key, address, std::chrono::steady_clock::now());
    co_return std::nullopt;
  }
  service.throttle.succeeded(user_key, address);
  co_return account;
}

}  // namespace api
