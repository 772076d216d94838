#include "api/caller.h"

#include "accounts/sign_in.h"
#include "accounts/tokens.h"
#include "api/open_server.h"
#include "api/request/json_object.h"
#include "api/secret_check.h"
#include "api/session_cookie.h"
#include "api/watch/client_address.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/service_limits.h"
#include "base/text.h"

#include <fmt/format.h>

namespace api {

using base::Error;
using base::Fault;

namespace {

bool is_older(base::UnixSeconds time, std::chrono::seconds age, base::UnixSeconds now) {
  return now - time >= age.count();
}

// All clients that reach an open server may call it, but a page of another origin may not.
Caller everybody(Service const& service, http::Exchange& exchange) {
  if (is_of_other_page(exchange.request().headers, called_address(service, exchange)))
    throw Error(Fault::forbidden,
                "without accounts, pages of other origins cannot call this server");
  Caller caller;
  caller.account.id = everybody_id;
  return caller;
}

// A note that cannot be stored is lost: the database may be locked, and calls that only read go on.
net::task<void> note(net::task<void> noting) {
  try {
    co_await std::move(noting);
  } catch (Error const& error) {
    base::log_debug(fmt::format("a use was not noted: {}", error.what()));
  }
}

bool changes_something(http::Request const& request) {
  return request.method != "GET" && request.method != "HEAD";
}

net::task<Caller> caller_of_session(Service const& service, http::Exchange& exchange,
                                    base::Secret token) {
  base::UnixSeconds const now = base::unix_now();
  store::SignIns& sign_ins = service.store.sign_ins;
  std::string hash = accounts::hash_token(token.reveal());
  auto found = co_await sign_ins.find_session(std::move(hash), now);
  if (!found || found->account.disabled)
    throw Error(Fault::unauthorized, "you are signed out; sign in again");
  if (changes_something(exchange.request())) check_comes_from_own_page(service, exchange);
  if (is_older(found->session.seen_at, base::limits::session_noted_after, now)) {
    net::task<void> noting =
        sign_ins.note_session(found->session.id, shown_address(service, exchange), now);
    co_await note(std::move(noting));
  }
  Caller caller;
  caller.account = std::move(found->account);
  caller.session = std::move(found->session);
  co_return caller;
}

// The token of the Authorization header; empty if there is no such header.
std::string bearer_token(http::Request const& request) {
  std::string_view const value = base::trim(request.headers.get("authorization"));
  if (value.empty()) return "";
  std::size_t const space = value.find(' ');
  if (space == std::string_view::npos ||
      !base::equals_ignoring_case(value.substr(0, space), "bearer"))
    throw Error(Fault::bad_input, "the Authorization header must be \"Bearer <token>\"");
  return std::string(base::trim(value.substr(space)));
}

net::task<Caller> caller_of_token(Service const& service, http::Exchange& exchange,
                                  std::string token) {
  base::UnixSeconds const now = base::unix_now();
  accounts::TokenClaims const claims = accounts::check_token(token, service.keys, now);
  auto const found = co_await service.store.user_keys.find(claims.user_key);
  Caller caller;
  if (found) caller.key = found->key;
  std::optional<accounts::Account> account;
  if (found) account = found->account;
  accounts::check_current(claims, caller.key, account, now);
  caller.account = *std::move(account);
  co_await note_key_use(service, exchange, *caller.key);
  co_return caller;
}

}  // namespace

std::string shown_address(Service const& service, http::Exchange& exchange) {
  std::string_view const peer = exchange.stream().peer();
  return client_address(peer, exchange.request().headers, service.trusted_proxies)
      .value_or(std::string(name_of(peer)));
}

net::task<Caller> identify(Service const& service, http::Exchange& exchange) {
  if (service.open) co_return everybody(service, exchange);
  std::string token = bearer_token(exchange.request());
  if (!token.empty()) co_return co_await caller_of_token(service, exchange, std::move(token));
  base::Secret cookie = session_token(service, exchange);
  if (cookie.empty())
    throw Error(Fault::unauthorized,
                "the Authorization header is missing: send \"Bearer <token>\"");
  co_return co_await caller_of_session(service, exchange, std::move(cookie));
}

net::task<void> note_key_use(Service const& service, http::Exchange& exchange,
                             accounts::UserKey const& key) {
  base::UnixSeconds const now = base::unix_now();
  if (!is_older(key.used_at, base::limits::key_use_noted_after, now)) co_return;
  net::task<void> noting =
      service.store.user_keys.note_use(key.user_key, shown_address(service, exchange), now);
  co_await note(std::move(noting));
}

void check_comes_from_own_page(Service const& service, http::Exchange& exchange) {
  http::Headers const& headers = exchange.request().headers;
  bool const is_asked_for = headers.get("x-s3zipper-site") == "1";
  if (!is_asked_for || is_of_other_page(headers, called_address(service, exchange)))
    throw Error(Fault::forbidden, "only pages of this server may do this");
}

net::task<Caller> identify_owner(Service const& service, http::Exchange& exchange,
                                 base::Secret user_secret) {
  Caller caller = co_await identify(service, exchange);
  if (service.open)
    throw Error(Fault::forbidden, "this server has no accounts (auth.mode = none), hence no keys");
  if (caller.session) co_return caller;
  if (user_secret.empty()) refuse_field("userSecret", "is required");
  std::string user_key = caller.key->user_key;
  auto const proven =
      co_await check_secret(service, exchange, std::move(user_key), std::move(user_secret));
  if (!proven) throw Error(Fault::forbidden, "userSecret is wrong");
  caller.key = proven->key;
  caller.account = proven->account;
  co_return caller;
}

net::task<Caller> identify_admin(Service const& service, http::Exchange& exchange) {
  Caller caller = co_await identify(service, exchange);
  if (!caller.account.is_admin) throw Error(Fault::forbidden, "only an administrator may do this");
  // By a link that sets a password, a token for a day would give away accounts for good.
  if (changes_something(exchange.request()) && !caller.session)
    throw Error(Fault::forbidden, "this is for people who are signed in, not for tokens");
  co_return caller;
}

net::task<accounts::Account> authorize(Service const& service, http::Exchange& exchange) {
  Caller caller = co_await identify(service, exchange);
  co_return std::move(caller.account);
}

net::task<accounts::Account> authorize_token(Service const& service, http::Exchange& exchange,
                                             std::string token) {
  if (!service.open && token.empty()) throw Error(Fault::unauthorized, "token is required");
  if (service.open) co_return everybody(service, exchange).account;
  Caller caller = co_await caller_of_token(service, exchange, std::move(token));
  co_return std::move(caller.account);
}

}  // namespace api
