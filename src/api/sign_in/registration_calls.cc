#include "api/sign_in/registration_calls.h"

#include "accounts/password.h"
#include "api/caller.h"
#include "api/passwords.h"
#include "api/request/json_object.h"
#include "api/secret_check.h"
#include "api/sign_in/codes.h"
#include "api/sign_in/session_calls.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/service_limits.h"
#include "notify/smtp.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;
using accounts::CodeKind;
using base::Error;
using base::Fault;

namespace {

// The fields of such a call; those that are not there are empty.
struct Form {
  std::string name;
  base::Secret password;
  base::Secret code;
};

net::task<Form> read_form(Service const& service, http::Exchange& exchange,
                          std::string_view code_field) {
  if (service.open) throw Error(Fault::forbidden, "this server has no accounts (auth.mode = none)");
  check_comes_from_own_page(service, exchange);
  json::object const body = co_await read_json(exchange);
  JsonObject const object(body, "");
  Form fields;
  fields.name = object.text("name");
  fields.password = base::Secret(object.text("password"));
  fields.code = base::Secret(object.text(code_field));
  object.check_all_known();
  co_return fields;
}

// An account whose owner signs in with this password.
net::task<accounts::Account> make_account(Service const& service, Form fields) {
  accounts::Account account = accounts::new_account(fields.name, base::unix_now());
  accounts::check_password("password", fields.password);
  account.password_hash = co_await service.passwords.hash(std::move(fields.password));
  co_return account;
}

// The account that the code allows; nullopt if the code does not count.
net::task<std::optional<accounts::Account>> redeem(Service const& service, CodeKind kind,
                                                   base::Secret code, accounts::Account account) {
  std::string hash = accounts::hash_token(code.reveal());
  co_return co_await service.store.sign_ins.redeem(kind, std::move(hash), std::move(account),
                                                   base::unix_now());
}

[[noreturn]] void throw_no_code(char const* what) {
  throw Error(Fault::forbidden, fmt::format("{} does not count: it is wrong, has been used, or its "
                                            "time is over",
                                            what));
}

net::task<void> answer_posted(http::Exchange& exchange, bool confirm) {
  json::object reply;
  if (confirm) reply["confirm"] = true;
  constexpr int accepted = 202;
  co_await answer(exchange, json::serialize(reply), accepted);
}

// All addresses get the same answer after the same work: it does not tell which have an account.
// The code of one that has stays unknown to everybody.
net::task<void> post_confirmation(Service const& service, http::Exchange& exchange,
                                  accounts::Account account) {
  auto const known = co_await service.store.accounts.find(store::AccountKey::name, account.name);
  accounts::Code code;
  code.kind = CodeKind::confirmation;
  code.name = account.name;
  code.password_hash = account.password_hash;
  base::Secret const token =
      co_await add_code(service.store.sign_ins, std::move(code), limits::confirmation_life);
  std::string const base = base_url(service, exchange);
  service.site.post(account.name, known ? notify::write_known_mail(base + "/registration/login")
                                        : notify::write_confirmation_mail(
                                              code_url(base, CodeKind::confirmation, token)));
  co_await answer_posted(exchange, true);
}

void check_may_register(Service const& service, bool is_invited) {
  if (is_invited && service.site.registration != accounts::Registration::closed) return;
  if (service.site.registration == accounts::Registration::open) return;
  throw Error(Fault::forbidden, service.site.registration == accounts::Registration::closed
                                    ? "this server takes no registrations"
                                    : "registration is by invitation: ask the administrator");
}

}  // namespace

net::task<void> set_up(Service const& service, http::Exchange& exchange) {
  Form fields = co_await read_form(service, exchange, "code");
  if (service.open || co_await service.store.accounts.is_any())
    throw Error(Fault::not_found, "this server is set up already");
  check_not_too_many(service, exchange, "set-up");
  base::Secret code = fields.code;
  accounts::Account account = co_await make_account(service, std::move(fields));
  account.is_admin = true;
  auto made = co_await redeem(service, CodeKind::set_up, std::move(code), std::move(account));
  if (!made) {
    count_call(service, exchange, "set-up");
    throw Error(Fault::forbidden,
                "code: it is not right; it stands in the server's log, and s3zipper account "
                "setup-code prints another");
  }
  base::log_info(fmt::format("account {}: set this server up", made->name));
  co_await answer_signed_in(service, exchange, *std::move(made));
}

net::task<void> register_account(Service const& service, http::Exchange& exchange) {
  Form fields = co_await read_form(service, exchange, "invitation");
  bool const is_invited = !fields.code.empty();
  check_may_register(service, is_invited);
  if (!notify::is_mail_address(fields.name)) refuse_field("name", "must be a mail address");
  check_not_too_many(service, exchange, "registration");
  if (!is_invited) count_call(service, exchange, "registration");
  base::Secret invitation = fields.code;
  accounts::Account account = co_await make_account(service, std::move(fields));
  if (is_invited) {
    auto made =
        co_await redeem(service, CodeKind::invitation, std::move(invitation), std::move(account));
    if (!made) {
      count_call(service, exchange, "registration");
      throw_no_code("the invitation");
    }
    co_await answer_signed_in(service, exchange, *std::move(made));
  } else if (service.site.post) {
    co_await post_confirmation(service, exchange, std::move(account));
  } else {
    co_await service.store.accounts.insert(account);
    co_await answer_signed_in(service, exchange, std::move(account));
  }
}

net::task<void> confirm_account(Service const& service, http::Exchange& exchange) {
  Form fields = co_await read_form(service, exchange, "code");
  accounts::Account account = accounts::new_account("to be named", base::unix_now());
  auto made =
      co_await redeem(service, CodeKind::confirmation, std::move(fields.code), std::move(account));
  if (!made) throw_no_code("this link");
  co_await answer_signed_in(service, exchange, *std::move(made));
}

net::task<void> ask_for_password(Service const& service, http::Exchange& exchange) {
  Form fields = co_await read_form(service, exchange, "code");
  if (!service.site.post)
    throw Error(Fault::forbidden,
                "this server sends no mail; its administrator can make a link that sets another "
                "password: s3zipper account reset-password");
  check_not_too_many(service, exchange, "password mail");
  count_call(service, exchange, "password mail");
  auto const account = co_await service.store.accounts.find(store::AccountKey::name, fields.name);
  bool const is_known = account && !account->disabled && notify::is_mail_address(account->name);
  // A code that nobody gets takes the same time.
  accounts::Code code;
  code.kind = CodeKind::password;
  if (is_known) code.account_id = account->id;
  base::Secret const token =
      co_await add_code(service.store.sign_ins, std::move(code), limits::password_code_life);
  std::string const base = base_url(service, exchange);
  if (is_known)
    service.site.post(account->name,
                      notify::write_password_mail(code_url(base, CodeKind::password, token)));
  co_await answer_posted(exchange, false);
}

net::task<void> set_forgotten_password(Service const& service, http::Exchange& exchange) {
  Form fields = co_await read_form(service, exchange, "code");
  accounts::check_password("password", fields.password);
  std::string password_hash = co_await service.passwords.hash(std::move(fields.password));
  std::string hash = accounts::hash_token(fields.code.reveal());
  auto const code = co_await service.store.sign_ins.take_code(CodeKind::password, std::move(hash),
                                                              base::unix_now());
  if (!code) throw_no_code("this link");
  bool const known =
      co_await service.store.accounts.set_password(code->account_id, std::move(password_hash));
  auto account = co_await service.store.accounts.find(store::AccountKey::id, code->account_id);
  if (!known || !account) throw_no_code("this link");
  co_await service.store.sign_ins.end_sessions(account->id, "");
  base::log_info(fmt::format("account {}: has another password", account->name),
                 {{"request_id", exchange.id()}});
  co_await answer_signed_in(service, exchange, *std::move(account));
}

}  // namespace api
