#include "api/admin/admin_calls.h"

#include "api/admin/last_admin.h"
#include "api/caller.h"
#include "api/sign_in/codes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/service_limits.h"
#include "http/router.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;
using accounts::Account;
using base::Error;
using base::Fault;
using store::Counted;

namespace {

// The last time at which a browser or a program of the account was seen; 0: never.
net::task<base::UnixSeconds> last_seen(store::Store const& store, std::string account_id) {
  base::UnixSeconds seen = 0;
  for (accounts::Session const& session :
       co_await store.sign_ins.list_sessions(account_id, base::unix_now()))
    seen = std::max(seen, session.seen_at);
  for (accounts::UserKey const& key : co_await store.user_keys.list(account_id))
    seen = std::max(seen, key.used_at);
  co_return seen;
}

net::task<json::object> account_reply(Service const& service, Account account) {
  constexpr base::UnixSeconds month = 30 * 24 * 3600;
  store::Store const& store = service.store;
  base::UnixSeconds const seen = co_await last_seen(store, account.id);
  store::Usage const usage =
      co_await store.accounts.usage_since(account.id, base::unix_now() - month);
  json::value last_seen_at;
  if (seen != 0) last_seen_at = base::rfc3339(seen);
  co_return json::object{
      {"id", account.id},
      {"name", account.name},
      {"isAdmin", account.is_admin},
      {"state", account.disabled ? "disabled" : "active"},
      {"createdAt", base::rfc3339(account.created_at)},
      {"lastSeenAt", std::move(last_seen_at)},
      {"zips30Days", usage[Counted::zips] + usage[Counted::streams]},
      {"bytes30Days", usage[Counted::zipped_bytes] + usage[Counted::streamed_bytes]}};
}

net::task<Account> find_account(Service const& service, http::Exchange& exchange) {
  std::string id = http::path_parameter(exchange, "id");
  auto account = co_await service.store.accounts.find(store::AccountKey::id, std::move(id));
  if (!account) throw Error(Fault::not_found, "there is no such account");
  co_return *std::move(account);
}

net::task<void> set_standing(Service const& service, http::Exchange& exchange,
                             store::Standing standing, char const* what) {
  Caller const caller = co_await identify_admin(service, exchange);
  Account account = co_await find_account(service, exchange);
  if (standing != store::Standing::active) {
    if (account.id == caller.account.id)
      throw Error(Fault::conflict, "an administrator does not end the own account here");
    co_await check_is_not_last_admin(service.store.accounts, account);
  }
  co_await service.store.accounts.set_standing(account.id, standing);
  base::log_info(fmt::format("account {}: {} by {}", account.name, what, caller.account.name),
                 {{"request_id", exchange.id()}});
  json::object reply{{"deleted", true}};
  if (standing != store::Standing::deleted) {
    account.disabled = standing == store::Standing::disabled;
    reply = co_await account_reply(service, std::move(account));
  }
  co_await answer(exchange, json::serialize(reply));
}

// Answers a link with a code of this kind.
net::task<void> answer_link(Service const& service, http::Exchange& exchange, accounts::Code code,
                            std::chrono::seconds life) {
  accounts::CodeKind const kind = code.kind;
  base::UnixSeconds const end = base::unix_now() + life.count();
  base::Secret const token = co_await add_code(service.store.sign_ins, std::move(code), life);
  json::object const reply{{"link", code_url(base_url(service, exchange), kind, token)},
                           {"expiresAt", base::rfc3339(end)}};
  constexpr int created = 201;
  co_await answer(exchange, json::serialize(reply), created);
}

// null if the system does not tell.
json::value disk_reply(std::string const& folder) {
  std::error_code error;
  std::filesystem::space_info const space = std::filesystem::space(folder, error);
  if (error) return nullptr;
  return json::object{{"freeBytes", space.available}, {"totalBytes", space.capacity}};
}

}  // namespace

net::task<void> list_accounts(Service const& service, http::Exchange& exchange) {
  co_await identify_admin(service, exchange);
  json::array all;
  for (Account& account : co_await service.store.accounts.list())
    all.push_back(co_await account_reply(service, std::move(account)));
  json::object const reply{{"accounts", std::move(all)}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> disable_account(Service const& service, http::Exchange& exchange) {
  return set_standing(service, exchange, store::Standing::disabled, "disabled");
}

net::task<void> enable_account(Service const& service, http::Exchange& exchange) {
  return set_standing(service, exchange, store::Standing::active, "enabled");
}

net::task<void> delete_account_of(Service const& service, http::Exchange& exchange) {
  return set_standing(service, exchange, store::Standing::deleted, "deleted");
}

net::task<void> reset_password(Service const& service, http::Exchange& exchange) {
  Caller const caller = co_await identify_admin(service, exchange);
  Account const account = co_await find_account(service, exchange);
  if (account.disabled) throw Error(Fault::conflict, "the account is disabled; enable it first");
  base::log_info(fmt::format("account {}: {} made a link that sets its password", account.name,
                             caller.account.name),
                 {{"request_id", exchange.id()}});
  accounts::Code code;
  code.kind = accounts::CodeKind::password;
  code.account_id = account.id;
  co_await answer_link(service, exchange, std::move(code), limits::password_code_life);
}

net::task<void> invite(Service const& service, http::Exchange& exchange) {
  co_await identify_admin(service, exchange);
  if (service.site.registration == accounts::Registration::closed)
    throw Error(Fault::conflict, "this server takes no registrations (site.registration = closed)");
  accounts::Code code;
  code.kind = accounts::CodeKind::invitation;
  co_await answer_link(service, exchange, std::move(code), limits::invitation_life);
}

net::task<void> get_system(Service const& service, http::Exchange& exchange) {
  co_await identify_admin(service, exchange);
  store::JobCounts const counts = co_await service.store.jobs.count(std::nullopt);
  json::object const zips{{"queued", counts[store::JobState::queued]},
                          {"running", counts[store::JobState::running]},
                          {"waiting", counts[store::JobState::waiting]}};
  json::object const mail{{"sends", service.rules.can_mail},
                          {"sendsLinks", static_cast<bool>(service.site.post)}};
  json::object const reply{{"version", service.monitor.version},
                           {"upSeconds", base::unix_now() - service.site.started_at},
                           {"zips", zips},
                           {"store", json::object{{"kind", "SQLite"}}},
                           {"disk", disk_reply(service.site.data_dir)},
                           {"mail", mail},
                           {"settings", service.site.settings}};
  co_await answer(exchange, json::serialize(reply));
}

}  // namespace api
