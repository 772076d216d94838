#include "api/sign_in/session_calls.h"

#include "accounts/sign_in.h"
#include "api/caller.h"
#include "api/request/json_object.h"
#include "api/secret_check.h"
#include "api/session_cookie.h"
#include "api/sign_in/browser_name.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
using base::Error;
using base::Fault;

namespace {

std::string_view name(accounts::Registration registration) {
  switch (registration) {
    case accounts::Registration::open:
      return "open";
    case accounts::Registration::by_invitation:
      return "invitation";
    case accounts::Registration::closed:
      break;
  }
  return "closed";
}

json::value account_reply(std::optional<accounts::Account> const& account) {
  if (!account) return nullptr;
  return json::object{{"id", account->id},
                      {"name", account->name},
                      {"isAdmin", account->is_admin},
                      {"hasPassword", !account->password_hash.empty()},
                      {"createdAt", base::rfc3339(account->created_at)}};
}

net::task<std::string> session_reply(Service const& service,
                                     std::optional<accounts::Account> account) {
  bool const is_any = service.open || account || co_await service.store.accounts.is_any();
  json::object const reply{
      {"server", json::object{{"version", service.monitor.version},
                              {"accounts", !service.open},
                              {"registration", name(service.site.registration)},
                              {"setup", !is_any},
                              {"mail", static_cast<bool>(service.site.post)}}},
      {"account", account_reply(account)}};
  co_return json::serialize(reply);
}

// nullopt if the browser is not signed in.
net::task<std::optional<store::SessionOfAccount>> find_session(Service const& service,
                                                               http::Exchange& exchange) {
  base::Secret const token = session_token(service, exchange);
  if (service.open || token.empty()) co_return std::nullopt;
  std::string hash = accounts::hash_token(token.reveal());
  auto found = co_await service.store.sign_ins.find_session(std::move(hash), base::unix_now());
  if (found && found->account.disabled) found.reset();
  co_return found;
}

void check_has_accounts(Service const& service) {
  if (service.open)
    throw Error(Fault::forbidden,
                "this server has no accounts (auth.mode = none): nobody signs in");
}

}  // namespace

net::task<void> get_session(Service const& service, http::Exchange& exchange) {
  auto found = co_await find_session(service, exchange);
  std::optional<accounts::Account> account;
  if (found) account = std::move(found->account);
  std::string reply = co_await session_reply(service, std::move(account));
  co_await answer(exchange, std::move(reply));
}

net::task<void> sign_in(Service const& service, http::Exchange& exchange) {
  check_has_accounts(service);
  check_comes_from_own_page(service, exchange);
  json::object const body = co_await read_json(exchange);
  JsonObject const fields(body, "");
  std::string account_name = fields.text("name");
  base::Secret password(fields.text("password"));
  fields.check_all_known();
  auto account =
      co_await check_password(service, exchange, std::move(account_name), std::move(password));
  if (!account) throw Error(Fault::unauthorized, "the name or the password is wrong");
  co_await answer_signed_in(service, exchange, *std::move(account));
}

net::task<void> sign_in_by_link(Service const& service, http::Exchange& exchange) {
  check_has_accounts(service);
  check_comes_from_own_page(service, exchange);
  json::object const body = co_await read_json(exchange);
  JsonObject const fields(body, "");
  std::string hash = accounts::hash_token(fields.text("code"));
  fields.check_all_known();
  auto const code = co_await service.store.sign_ins.take_code(accounts::CodeKind::sign_in,
                                                              std::move(hash), base::unix_now());
  std::optional<accounts::Account> account;
  if (code) account = co_await service.store.accounts.find(store::AccountKey::id, code->account_id);
  if (!account || account->disabled)
    throw Error(Fault::unauthorized, "this link does not count any more");
  co_await answer_signed_in(service, exchange, *std::move(account));
}

net::task<void> sign_out(Service const& service, http::Exchange& exchange) {
  check_comes_from_own_page(service, exchange);
  auto const found = co_await find_session(service, exchange);
  if (found) co_await service.store.sign_ins.end_session(found->account.id, found->session.id);
  promise_no_session_cookie(service, exchange);
  http::Response head;
  head.status = 204;
  co_await exchange.respond(std::move(head), "");
}

net::task<void> answer_signed_in(Service const& service, http::Exchange& exchange,
                                 accounts::Account account) {
  base::Secret const token = accounts::new_token();
  base::UnixSeconds const now = base::unix_now();
  http::Headers const& headers = exchange.request().headers;
  accounts::Session session;
  session.id = base::random_uuid();
  session.token_hash = accounts::hash_token(token.reveal());
  session.account_id = account.id;
  session.created_at = session.seen_at = now;
  session.browser = browser_name(headers.get("user-agent"));
  session.address = shown_address(service, exchange);
  co_await service.store.sign_ins.begin_session(std::move(session));
  promise_session_cookie(service, exchange, token);
  base::log_info(fmt::format("account {}: signed in", account.name),
                 {{"request_id", exchange.id()}});
  std::string reply = co_await session_reply(service, std::move(account));
  co_await answer(exchange, std::move(reply));
}

}  // namespace api
