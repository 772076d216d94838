#include "api/service.h"

#include "accounts/tokens.h"
#include "api/open_server.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"

namespace api {

using base::Error;
using base::Fault;

namespace {

OwnAddress address_of(Service const& service, http::Exchange& exchange) {
  return called_as(exchange.request().headers, exchange.stream().peer(), service.trusted_proxies,
                   service.tls);
}

// All clients that reach an open server may call it, but a page of another origin may not.
accounts::Account everybody(Service const& service, http::Exchange& exchange) {
  if (is_of_other_page(exchange.request().headers, address_of(service, exchange)))
    throw Error(Fault::forbidden,
                "without accounts, pages of other origins cannot call this server");
  accounts::Account account;
  account.id = everybody_id;
  return account;
}

}  // namespace

std::string base_url(Service const& service, http::Exchange& exchange) {
  if (!service.public_url.empty()) return service.public_url;
  OwnAddress const called = address_of(service, exchange);
  if (called.host.empty())
    throw Error(Fault::bad_input, "send a Host header: the link begins with it");
  return called.scheme + "://" + called.host + called.prefix;
}

std::string base_path(Service const& service, http::Exchange& exchange) {
  return own_address(service, exchange).prefix;
}

OwnAddress own_address(Service const& service, http::Exchange& exchange) {
  if (!service.public_url.empty()) return parse_base_url(service.public_url);
  return address_of(service, exchange);
}

net::task<accounts::Account> authorize(Service const& service, http::Exchange& exchange) {
  if (service.open) co_return everybody(service, exchange);
  auto const header = exchange.request().headers.find("authorization");
  if (!header || base::trim(*header).empty())
    throw Error(Fault::unauthorized,
                "the Authorization header is missing: send \"Bearer <token>\"");
  std::string_view const value = base::trim(*header);
  std::size_t const space = value.find(' ');
  if (space == std::string_view::npos ||
      !base::equals_ignoring_case(value.substr(0, space), "bearer"))
    throw Error(Fault::bad_input, "the Authorization header must be \"Bearer <token>\"");
  std::string token(base::trim(value.substr(space)));
  co_return co_await account_of_token(service, std::move(token));
}

net::task<accounts::Account> authorize_token(Service const& service, http::Exchange& exchange,
                                             std::string token) {
  if (service.open) co_return everybody(service, exchange);
  if (token.empty()) throw Error(Fault::unauthorized, "token is required");
  co_return co_await account_of_token(service, std::move(token));
}

net::task<accounts::Account> account_of_token(Service const& service, std::string token) {
  accounts::TokenClaims const claims = accounts::check_token(token, service.keys, base::unix_now());
  std::optional<accounts::Account> account =
      co_await service.store.accounts.find(store::AccountKey::id, claims.account_id);
  accounts::check_current(claims, account);
  co_return std::move(*account);
}

net::task<Fields> read_fields(http::Exchange& exchange, std::uint64_t limit) {
  base::Secret const body(co_await exchange.read_whole_body(limit));
  co_return Fields::parse(exchange.request().headers.get("content-type"), body.reveal());
}

net::task<void> answer(http::Exchange& exchange, std::string json, int status) {
  http::Response head;
  head.status = status;
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Cache-Control", "no-store");
  co_await exchange.respond(std::move(head), std::move(json));
}

}  // namespace api
