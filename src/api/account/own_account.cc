#include "api/account/own_account.h"

#include "accounts/password.h"
#include "api/admin/last_admin.h"
#include "api/caller.h"
#include "api/passwords.h"
#include "api/request/json_object.h"
#include "api/secret_check.h"
#include "api/session_cookie.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "http/router.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
using base::Error;
using base::Fault;

namespace {

void check_is_signed_in(Caller const& caller) {
  if (!caller.session)
    throw Error(Fault::forbidden, "this is for people who are signed in, not for tokens");
}

// A browser that was left open must not be enough. An account without a password has no other proof
// than its session.
net::task<void> check_own_password(Service const& service, http::Exchange& exchange,
                                   accounts::Account const& account, base::Secret password) {
  if (account.password_hash.empty()) co_return;
  auto const proven = co_await check_password(service, exchange, account.name, std::move(password));
  if (!proven) throw Error(Fault::forbidden, "password: it is not the account's");
}

json::object session_reply(accounts::Session const& session, Caller const& caller) {
  bool const is_this = caller.session && caller.session->id == session.id;
  return {{"id", session.id},
          {"browser", session.browser},
          {"address", session.address},
          {"createdAt", base::rfc3339(session.created_at)},
          {"lastSeenAt", base::rfc3339(session.seen_at)},
          {"isThis", is_this}};
}

}  // namespace

net::task<void> put_password(Service const& service, http::Exchange& exchange) {
  Caller const caller = co_await identify(service, exchange);
  check_is_signed_in(caller);
  json::object const body = co_await read_json(exchange);
  JsonObject const fields(body, "");
  base::Secret password(fields.text("password"));
  base::Secret next(fields.text("newPassword"));
  fields.check_all_known();
  accounts::check_password("newPassword", next);
  co_await check_own_password(service, exchange, caller.account, std::move(password));
  std::string hash = co_await service.passwords.hash(std::move(next));
  co_await service.store.accounts.set_password(caller.account.id, std::move(hash));
  co_await service.store.sign_ins.end_sessions(caller.account.id, caller.session->id);
  base::log_info(fmt::format("account {}: has another password", caller.account.name),
                 {{"request_id", exchange.id()}});
  co_await answer(exchange, "{}");
}

net::task<void> list_sessions(Service const& service, http::Exchange& exchange) {
  Caller const caller = co_await identify(service, exchange);
  json::array sessions;
  for (accounts::Session const& session :
       co_await service.store.sign_ins.list_sessions(caller.account.id, base::unix_now()))
    sessions.push_back(session_reply(session, caller));
  json::object const reply{{"sessions", std::move(sessions)}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> end_session(Service const& service, http::Exchange& exchange) {
  Caller const caller = co_await identify(service, exchange);
  check_is_signed_in(caller);
  std::string id = http::path_parameter(exchange, "id");
  bool const ended = co_await service.store.sign_ins.end_session(caller.account.id, std::move(id));
  if (!ended) throw Error(Fault::not_found, "the account has no such session");
  json::object const reply{{"ended", true}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> delete_account(Service const& service, http::Exchange& exchange) {
  Caller const caller = co_await identify(service, exchange);
  check_is_signed_in(caller);
  json::object const body = co_await read_json(exchange);
  JsonObject const fields(body, "");
  base::Secret password(fields.text("password"));
  fields.check_all_known();
  co_await check_own_password(service, exchange, caller.account, std::move(password));
  co_await check_is_not_last_admin(service.store.accounts, caller.account);
  co_await service.store.accounts.set_standing(caller.account.id, store::Standing::deleted);
  base::log_info(fmt::format("account {}: deleted itself", caller.account.name),
                 {{"request_id", exchange.id()}});
  promise_no_session_cookie(service, exchange);
  json::object const reply{{"deleted", true}};
  co_await answer(exchange, json::serialize(reply));
}

}  // namespace api
