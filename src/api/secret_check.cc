#include "api/secret_check.h"

#include "api/passwords.h"
#include "api/watch/client_address.h"
#include "base/clock.h"
#include "base/error.h"

#include <chrono>

#include <fmt/format.h>

namespace api {

using base::Error;
using base::Fault;
using Address = std::optional<std::string>;

namespace {

Address address_of(Service const& service, http::Exchange& exchange) {
  return client_address(exchange.stream().peer(), exchange.request().headers,
                        service.trusted_proxies);
}

// The secret is not looked at, right or wrong, before the time has passed.
void check_may_try(Service const& service, http::Exchange& exchange, std::string const& who,
                   Address const& address, char const* what) {
  auto const wait = service.throttle.wait(who, address, std::chrono::steady_clock::now());
  if (wait == std::chrono::seconds(0)) return;
  exchange.promise("Retry-After", std::to_string(wait.count()));
  throw Error(Fault::throttled, fmt::format("{}; try again in {} s", what, wait.count()));
}

void note_try(Service const& service, std::string const& who, Address const& address,
              bool is_right) {
  if (is_right) {
    service.throttle.succeeded(who, address);
  } else {
    service.throttle.failed(who, address, std::chrono::steady_clock::now());
  }
}

// Names and userKeys are throttled apart: one may be another's text.
std::string throttled_name(std::string_view name) {
  return fmt::format("name {}", name);
}

}  // namespace

net::task<std::optional<ProvenKey>> check_secret(Service const& service, http::Exchange& exchange,
                                                 std::string user_key, base::Secret user_secret) {
  Address const address = address_of(service, exchange);
  check_may_try(service, exchange, user_key, address, "too many wrong userKeys or userSecrets");
  auto const found = co_await service.store.user_keys.find(user_key);
  std::optional<accounts::UserKey> key;
  if (found) key = found->key;
  std::optional<int> const generation =
      accounts::match_secret(key, user_secret.reveal(), service.keys, base::unix_now());
  bool const is_right = generation && !found->account.disabled;
  note_try(service, user_key, address, is_right);
  if (!is_right) co_return std::nullopt;
  co_return ProvenKey{found->key, found->account, *generation};
}

net::task<std::optional<accounts::Account>> check_password(Service const& service,
                                                           http::Exchange& exchange,
                                                           std::string name,
                                                           base::Secret password) {
  Address const address = address_of(service, exchange);
  std::string const throttled = throttled_name(name);
  check_may_try(service, exchange, throttled, address, "too many wrong passwords");
  auto account = co_await service.store.accounts.find(store::AccountKey::name, std::move(name));
  std::string hash = account ? account->password_hash : std::string();
  bool const matches = co_await service.passwords.matches(std::move(password), std::move(hash));
  bool const is_right = matches && account && !account->disabled;
  note_try(service, throttled, address, is_right);
  if (!is_right) account.reset();
  co_return account;
}

void check_not_too_many(Service const& service, http::Exchange& exchange, std::string const& what) {
  check_may_try(service, exchange, what, address_of(service, exchange), "too many calls");
}

void count_call(Service const& service, http::Exchange& exchange, std::string const& what) {
  note_try(service, what, address_of(service, exchange), false);
}

}  // namespace api
