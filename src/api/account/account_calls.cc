#include "api/account/account_calls.h"

#include "accounts/account.h"
#include "api/caller.h"
#include "api/links/error_url.h"
#include "api/request/s3_fields.h"
#include "api/secret_check.h"
#include "api/zips/reply.h"
#include "aws/endpoint.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/service_limits.h"
#include "base/text.h"
#include "http/forms.h"
#include "store/kept_credentials.h"

#include <chrono>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;
using base::Error;
using base::Fault;
using store::Counted;

namespace {

void check_has_keys(Service const& service) {
  if (service.open)
    throw Error(Fault::forbidden, "this server has no accounts (auth.mode = none), hence no keys");
}

// The reply on kept credentials: it tells which ones they are, and no more.
json::value kept_reply(std::optional<store::UnsealedCredentials> const& kept,
                       base::UnixSeconds kept_at) {
  if (!kept) return nullptr;
  constexpr std::size_t shown = 4;
  std::string_view const key = kept->credentials.access_key;
  json::array buckets;
  for (std::string const& bucket : kept->credentials.allowed_buckets) buckets.emplace_back(bucket);
  return json::object{{"accessKeyIdEnd", key.substr(key.size() - std::min(shown, key.size()))},
                      {"endpoint", kept->endpoint},
                      {"region", kept->region},
                      {"buckets", std::move(buckets)},
                      {"signedLinks", !kept->user_secret.empty()},
                      {"keptAt", base::rfc3339(kept_at)}};
}

store::UnsealedCredentials parse_kept(JsonObject const& body, ZipRequestRules const& rules) {
  S3Fields fields = read_s3_fields(body, rules);
  if (fields.credentials.access_key.empty()) refuse_field("credentials", "are required");
  store::UnsealedCredentials kept;
  kept.credentials = std::move(fields.credentials);
  kept.endpoint = std::move(fields.endpoint);
  kept.region = std::move(fields.region);
  for (JsonItem const& item : body.items("buckets")) {
    std::string bucket = item.text();
    if (!aws::is_bucket_name(bucket)) refuse_field(item.path(), "cannot be a bucket's name");
    kept.credentials.allowed_buckets.push_back(std::move(bucket));
  }
  if (kept.credentials.allowed_buckets.size() > limits::max_kept_buckets)
    refuse_field("buckets", fmt::format("may name {} at most", limits::max_kept_buckets));
  kept.user_secret = base::Secret(body.text("userSecret"));
  body.check_all_known();
  return kept;
}

// Sets the key whose secret is among the credentials: a token's own, or any of the account's if the
// caller is signed in. Error{forbidden} if the secret is no key's.
net::task<void> name_key(Service const& service, http::Exchange& exchange, Caller const& caller,
                         store::UnsealedCredentials& kept) {
  if (kept.user_secret.empty()) co_return;
  std::vector<accounts::UserKey> keys;
  if (caller.key) {
    keys = {*caller.key};
  } else {
    check_not_too_many(service, exchange, "account " + caller.account.id);
    keys = co_await service.store.user_keys.list(caller.account.id);
  }
  for (accounts::UserKey const& key : keys) {
    auto const generation =
        accounts::match_secret(key, kept.user_secret.reveal(), service.keys, base::unix_now());
    if (!generation) continue;
    kept.user_key = key.user_key;
    kept.key_generation = *generation;
    co_return;
  }
  count_call(service, exchange, "account " + caller.account.id);
  throw Error(Fault::forbidden, "userSecret is wrong");
}

net::task<void> set_error_url(Service const& service, http::Exchange& exchange,
                              accounts::Account account, std::string url) {
  bool const known = co_await service.store.accounts.set_error_url(account.id, url);
  if (!known) throw Error(Fault::not_found, "the account is gone");
  base::log_info(fmt::format("account {}: its error URL was {}", account.name,
                             url.empty() ? "removed" : "set"),
                 {{"request_id", exchange.id()}});
  json::object const reply{{"errorUrl", text_or_null(url)}};
  co_await answer(exchange, json::serialize(reply));
}

// All clients of an open server would share the error URL that one of them has set.
net::task<accounts::Account> authorize_for_error_url(Service const& service,
                                                     http::Exchange& exchange) {
  accounts::Account account = co_await authorize(service, exchange);
  if (service.open)
    throw Error(Fault::forbidden,
                "this server has no accounts (auth.mode = none); its operator sets the error URL: "
                "s3zipper account error-url");
  co_return account;
}

json::object usage_reply(store::Usage const& usage) {
  return {{"zips", usage[Counted::zips]},
          {"zipsSucceeded", usage[Counted::zips_succeeded]},
          {"zipsFailed", usage[Counted::zips_failed]},
          {"zipsCancelled", usage[Counted::zips_cancelled]},
          {"streams", usage[Counted::streams]},
          {"bytesZipped", usage[Counted::zipped_bytes]},
          {"bytesStreamed", usage[Counted::streamed_bytes]}};
}

constexpr base::UnixSeconds day_s = 24 * 3600;

// The number of days that the query asks for; 0 if it asks for none.
base::UnixSeconds parse_days(std::string_view query) {
  // The hours that are kept cover so many whole days, the present one included.
  constexpr base::UnixSeconds most = std::chrono::hours(limits::usage_retention).count() / 24;
  base::UnixSeconds days = 0;
  for (http::Field const& field : http::parse_urlencoded(query)) {
    if (field.name != "days")
      refuse_field("the query", fmt::format("has no field {}", base::in_quotes(field.name)));
    auto const number = base::parse_uint(field.value);
    if (!number || *number < 1 || *number > static_cast<std::uint64_t>(most))
      refuse_field("days", fmt::format("must be a whole number from 1 to {}", most));
    days = static_cast<base::UnixSeconds>(*number);
  }
  return days;
}

// The last days, all of them, the present one included; the oldest first.
json::array days_reply(std::vector<store::DayUsage> const& used, base::UnixSeconds first,
                       base::UnixSeconds count) {
  json::array list;
  auto next = used.begin();
  for (base::UnixSeconds day = first; day < first + count * day_s; day += day_s) {
    store::Usage usage;
    if (next != used.end() && next->day == day) usage = (next++)->usage;
    json::object reply = usage_reply(usage);
    reply["day"] = base::rfc3339(day).substr(0, 10);
    list.push_back(std::move(reply));
  }
  return list;
}

net::task<json::array> days_of(Service const& service, std::string account_id,
                               base::UnixSeconds count) {
  base::UnixSeconds const today = base::unix_now() / day_s * day_s;
  base::UnixSeconds const first = today - (count - 1) * day_s;
  std::vector<store::DayUsage> const used =
      co_await service.store.accounts.usage_by_day(std::move(account_id), first);
  co_return days_reply(used, first, count);
}

net::task<json::object> usage_of(Service const& service, std::string account_id) {
  store::Accounts& accounts = service.store.accounts;
  co_await service.traffic.store(service.store);
  // Usage is counted by hours, of which the last is not over.
  constexpr base::UnixSeconds hour = 3600;
  base::UnixSeconds const next_hour = base::unix_now() + hour;
  store::JobCounts const now = co_await service.store.jobs.count(account_id);
  store::Usage const of_day = co_await accounts.usage_since(account_id, next_hour - day_s);
  store::Usage const of_month = co_await accounts.usage_since(account_id, next_hour - 30 * day_s);
  co_return json::object{{"now", json::object{{"pending", now[store::JobState::queued]},
                                              {"running", now[store::JobState::running]},
                                              {"retrying", now[store::JobState::waiting]}}},
                         {"last24Hours", usage_reply(of_day)},
                         {"last30Days", usage_reply(of_month)}};
}

}  // namespace

net::task<void> get_account(Service const& service, http::Exchange& exchange) {
  Caller const caller = co_await identify(service, exchange);
  std::string const id = caller.account.id;
  auto const account = co_await service.store.accounts.find(store::AccountKey::id, id);
  auto const sealed = co_await service.store.user_keys.find_kept(id);
  if (!account) throw Error(Fault::not_found, "the account is gone");
  std::optional<store::UnsealedCredentials> kept;
  if (sealed) kept = store::open_kept(service.keys, *sealed);
  json::object const reply{{"name", account->name},
                           {"userKey", text_or_null(caller.key ? caller.key->user_key : "")},
                           {"isAdmin", account->is_admin},
                           {"createdAt", base::rfc3339(account->created_at)},
                           {"errorUrl", text_or_null(account->error_url)},
                           {"credentials", kept_reply(kept, sealed ? sealed->kept_at : 0)}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> rotate_account(Service const& service, http::Exchange& exchange) {
  co_await authorize(service, exchange);
  check_has_keys(service);
  json::object const body = co_await read_json(exchange);
  JsonObject const fields(body, "");
  base::Secret user_secret(fields.text("userSecret"));
  fields.check_all_known();
  Caller caller = co_await identify_owner(service, exchange, std::move(user_secret));
  if (!caller.key)
    throw Error(Fault::bad_input,
                "a session has no key of its own: POST /api/keys/{userKey}/rotate");
  constexpr std::chrono::seconds no_overlap(0);
  base::Secret const made =
      accounts::renew_secret(*caller.key, no_overlap, service.keys, base::unix_now());
  bool const rotated = co_await service.store.user_keys.rotate(*caller.key);
  if (!rotated)
    throw Error(Fault::conflict,
                "the account has been disabled, or the key rotated, meanwhile; its secret is that "
                "of then");
  base::log_info(fmt::format("account {}: the key {} has another secret", caller.account.name,
                             caller.key->user_key),
                 {{"request_id", exchange.id()}});
  json::object const reply{{"userKey", caller.key->user_key}, {"userSecret", made.reveal()}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> keep_credentials(Service const& service, http::Exchange& exchange) {
  co_await authorize(service, exchange);
  check_has_keys(service);
  json::object const body = co_await read_json(exchange);
  JsonObject const fields(body, "");
  store::UnsealedCredentials kept = parse_kept(fields, service.rules);
  base::Secret user_secret = kept.user_secret;
  Caller const caller = co_await identify_owner(service, exchange, std::move(user_secret));
  co_await name_key(service, exchange, caller, kept);
  store::KeptCredentials const sealed =
      store::seal_kept(service.keys, caller.account.id, kept, base::unix_now());
  co_await service.store.user_keys.keep(sealed);
  base::log_info(fmt::format("account {}: it keeps credentials here", caller.account.name),
                 {{"request_id", exchange.id()}});
  co_await answer(exchange, json::serialize(kept_reply(kept, sealed.kept_at)));
}

net::task<void> erase_credentials(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  bool const erased = co_await service.store.user_keys.erase_kept(account.id);
  json::object const reply{{"erased", erased}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> put_error_url(Service const& service, http::Exchange& exchange) {
  accounts::Account account = co_await authorize_for_error_url(service, exchange);
  json::object const body = co_await read_json(exchange);
  JsonObject const fields(body, "");
  std::string url = fields.text("errorUrl");
  fields.check_all_known();
  if (url.empty()) refuse_field("errorUrl", "is required; DELETE removes it");
  url = checked_error_url(std::move(url));
  co_await set_error_url(service, exchange, std::move(account), std::move(url));
}

net::task<void> delete_error_url(Service const& service, http::Exchange& exchange) {
  accounts::Account account = co_await authorize_for_error_url(service, exchange);
  co_await set_error_url(service, exchange, std::move(account), "");
}

net::task<void> get_usage(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  base::UnixSeconds const days = parse_days(exchange.request().query());
  json::object reply = co_await usage_of(service, account.id);
  if (days > 0) reply["days"] = co_await days_of(service, account.id, days);
  co_await answer(exchange, json::serialize(reply));
}

}  // namespace api
