#include "api/account/key_calls.h"

#include "api/caller.h"
#include "api/request/json_object.h"
#include "api/zips/reply.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/service_limits.h"
#include "http/router.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;
using accounts::UserKey;
using base::Error;
using base::Fault;

namespace {

json::value time_or_null(base::UnixSeconds time) {
  if (time == 0) return nullptr;
  return json::string(base::rfc3339(time));
}

json::object key_reply(UserKey const& key) {
  return {{"userKey", key.user_key},
          {"name", key.name},
          {"secretEnd", key.secret_end},
          {"createdAt", base::rfc3339(key.created_at)},
          {"lastUsedAt", time_or_null(key.used_at)},
          {"lastUsedFrom", text_or_null(key.used_from)},
          {"formerSecretUntil", time_or_null(key.former_until)}};
}

// The body of a call that changes keys, and its caller.
struct Change {
  json::object body;
  Caller caller;
};

net::task<Change> read_change(Service const& service, http::Exchange& exchange) {
  Change change;
  change.body = co_await read_json(exchange);
  base::Secret user_secret(JsonObject(change.body, "").text("userSecret"));
  change.caller = co_await identify_owner(service, exchange, std::move(user_secret));
  co_return change;
}

// The fields, of which "userSecret" has been read.
JsonObject fields_of(Change const& change) {
  JsonObject fields(change.body, "");
  fields.text("userSecret");
  return fields;
}

// The key that the path names. Another account's is unknown.
net::task<UserKey> find_own_key(Service const& service, http::Exchange& exchange,
                                accounts::Account const& account) {
  std::string user_key = http::path_parameter(exchange, "userKey");
  auto found = co_await service.store.user_keys.find(std::move(user_key));
  if (!found || found->account.id != account.id)
    throw Error(Fault::not_found, "the account has no such key");
  co_return std::move(found->key);
}

void log_change(http::Exchange& exchange, Caller const& caller, UserKey const& key,
                char const* what) {
  base::log_info(fmt::format("account {}: the key {} {}", caller.account.name, key.user_key, what),
                 {{"request_id", exchange.id()}});
}

net::task<void> answer_with_secret(http::Exchange& exchange, UserKey const& key,
                                   base::Secret const& secret, int status) {
  json::object reply = key_reply(key);
  reply["userSecret"] = secret.reveal();
  co_await answer(exchange, json::serialize(reply), status);
}

}  // namespace

net::task<void> list_keys(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  json::array keys;
  for (UserKey const& key : co_await service.store.user_keys.list(account.id))
    keys.push_back(key_reply(key));
  json::object const reply{{"keys", std::move(keys)}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> create_key(Service const& service, http::Exchange& exchange) {
  Change const change = co_await read_change(service, exchange);
  JsonObject const fields = fields_of(change);
  std::string const name = fields.text("name");
  fields.check_all_known();
  if (name.empty()) refuse_field("name", "is required");
  accounts::NewUserKey const made =
      accounts::new_user_key(change.caller.account.id, name, service.keys, base::unix_now());
  co_await service.store.user_keys.insert(made.key);
  log_change(exchange, change.caller, made.key, "was made");
  constexpr int created = 201;
  co_await answer_with_secret(exchange, made.key, made.secret, created);
}

net::task<void> rename_key(Service const& service, http::Exchange& exchange) {
  Change const change = co_await read_change(service, exchange);
  JsonObject const fields = fields_of(change);
  std::string name = fields.text("name");
  fields.check_all_known();
  accounts::check_name("name", name);
  UserKey key = co_await find_own_key(service, exchange, change.caller.account);
  key.name = name;
  bool const known = co_await service.store.user_keys.rename(key.user_key, std::move(name));
  if (!known) throw Error(Fault::not_found, "the account has no such key");
  co_await answer(exchange, json::serialize(key_reply(key)));
}

net::task<void> rotate_key(Service const& service, http::Exchange& exchange) {
  Change const change = co_await read_change(service, exchange);
  JsonObject const fields = fields_of(change);
  constexpr auto most =
      std::chrono::duration_cast<std::chrono::hours>(limits::longest_secret_overlap);
  std::chrono::hours const overlap(
      fields.number("overlapHours", 0, static_cast<std::uint64_t>(most.count())).value_or(0));
  fields.check_all_known();
  UserKey key = co_await find_own_key(service, exchange, change.caller.account);
  base::Secret const secret = accounts::renew_secret(key, overlap, service.keys, base::unix_now());
  bool const rotated = co_await service.store.user_keys.rotate(key);
  if (!rotated)
    throw Error(Fault::conflict, "the key has been renewed or revoked meanwhile; nothing changed");
  log_change(exchange, change.caller, key, "has another secret");
  co_await answer_with_secret(exchange, key, secret, 200);
}

net::task<void> revoke_key(Service const& service, http::Exchange& exchange) {
  Change const change = co_await read_change(service, exchange);
  fields_of(change).check_all_known();
  UserKey const key = co_await find_own_key(service, exchange, change.caller.account);
  bool const revoked = co_await service.store.user_keys.revoke(key.user_key);
  if (revoked) log_change(exchange, change.caller, key, "was revoked");
  json::object const reply{{"revoked", revoked}};
  co_await answer(exchange, json::serialize(reply));
}

}  // namespace api
