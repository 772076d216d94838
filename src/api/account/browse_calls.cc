#include "api/account/browse_calls.h"

#include "api/request/kept_credentials.h"
#include "api/request/loose_values.h"
#include "api/request/s3_fields.h"
#include "api/store_refusal.h"
#include "aws/endpoint.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/forms.h"
#include "http/router.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;

namespace {

// A listing that is asked for, and its place.
struct ListingRequest {
  archive::Request where;  // the bucket; empty: the buckets
  aws::Credentials credentials;
  s3::ListOptions options = {.delimiter = "/", .max_keys = limits::listing_page_keys};
};

void check_bucket(std::string_view field, std::string const& bucket) {
  if (!aws::is_bucket_name(bucket)) refuse_field(field, "cannot be a bucket's name");
}

void check_options(s3::ListOptions const& options) {
  bool const fits = options.prefix.size() <= limits::max_key_bytes && base::is_utf8(options.prefix);
  if (!fits) refuse_field("prefix", "cannot be the beginning of a key");
  if (options.delimiter.size() > limits::max_key_bytes || !base::is_utf8(options.delimiter))
    refuse_field("delimiter", "cannot be part of a key");
  if (options.continuation_token.size() > limits::max_cursor_bytes)
    refuse_field("cursor", "is none that this server has given");
}

int parse_limit(std::string const& text) {
  auto const number = loose_count(text);
  if (!number || *number < 1 || *number > limits::listing_page_keys)
    refuse_field("limit",
                 fmt::format("must be a whole number from 1 to {}", limits::listing_page_keys));
  return static_cast<int>(*number);
}

// Reads the query's fields.
void read_query(std::string_view query, s3::ListOptions& options) {
  for (http::Field& field : http::parse_urlencoded(query)) {
    if (field.name == "prefix") {
      options.prefix = std::move(field.value);
    } else if (field.name == "delimiter") {
      options.delimiter = std::move(field.value);
    } else if (field.name == "cursor") {
      options.continuation_token = std::move(field.value);
    } else if (field.name == "limit") {
      options.max_keys = parse_limit(field.value);
    } else {
      refuse_field("the query", fmt::format("has no field {}", base::in_quotes(field.name)));
    }
  }
  check_options(options);
}

ListingRequest read_body(JsonObject const& body, ZipRequestRules const& rules) {
  ListingRequest look;
  S3Fields fields = read_s3_fields(body, rules);
  look.where.endpoint = std::move(fields.endpoint);
  look.where.region = std::move(fields.region);
  look.credentials = std::move(fields.credentials);
  look.where.bucket = body.text("bucket");
  if (!look.where.bucket.empty()) check_bucket("bucket", look.where.bucket);
  look.options.prefix = body.text("prefix");
  if (body.has("delimiter")) look.options.delimiter = body.text("delimiter");
  look.options.continuation_token = body.text("cursor");
  auto const limit = body.number("limit", 1, limits::listing_page_keys);
  if (limit) look.options.max_keys = static_cast<int>(*limit);
  body.check_all_known();
  check_options(look.options);
  return look;
}

json::value time_reply(std::optional<base::UnixSeconds> time) {
  return time ? json::value(base::rfc3339(*time)) : json::value(nullptr);
}

json::object buckets_reply(std::vector<s3::ListedBucket> const& buckets) {
  json::array list;
  for (s3::ListedBucket const& bucket : buckets)
    list.push_back(json::object{{"name", base::to_utf8(bucket.name)},
                                {"createdAt", time_reply(bucket.created_at)}});
  return {{"buckets", std::move(list)}};
}

json::object objects_reply(ListingRequest const& look, s3::ListPage const& page) {
  json::array folders;
  for (std::string const& prefix : page.common_prefixes)
    folders.emplace_back(base::to_utf8(prefix));
  json::array objects;
  for (s3::ListedObject const& object : page.objects)
    objects.push_back(json::object{{"key", base::to_utf8(object.key)},
                                   {"size", object.size},
                                   {"lastModified", time_reply(object.last_modified)},
                                   {"etag", base::to_utf8(object.etag)},
                                   {"storageClass", base::to_utf8(object.storage_class)}});
  json::value cursor = nullptr;
  if (page.is_truncated) cursor = base::to_utf8(page.next_continuation_token);
  return {{"bucket", look.where.bucket},
          {"prefix", look.options.prefix},
          {"folders", std::move(folders)},
          {"objects", std::move(objects)},
          {"nextCursor", std::move(cursor)}};
}

net::task<std::string> list(Service const& service, std::string request_id, ListingRequest look) {
  s3::WantedStore wanted = archive::wanted_store(
      look.where, std::move(look.credentials), "request " + request_id, service.download_patience);
  auto const store = co_await service.object_stores.open(std::move(wanted));
  if (look.where.bucket.empty()) {
    auto const buckets = co_await store->list_buckets();
    co_return json::serialize(buckets_reply(buckets));
  }
  s3::ListPage const page = co_await store->list_objects(look.where.bucket, look.options);
  co_return json::serialize(objects_reply(look, page));
}

net::task<void> answer_look(Service const& service, http::Exchange& exchange,
                            accounts::Account const& account, ListingRequest look) {
  auto const kept = co_await store::find_kept(service.store.user_keys, service.keys, account.id);
  use_kept(look.where, look.credentials, kept, service.rules, "endpoint");
  if (look.credentials.access_key.empty() && !service.rules.own_credentials)
    refuse_field("credentials",
                 "are required, as the account keeps none here: send them with POST /api/browse, "
                 "or keep some with PUT /api/account/credentials");
  net::task<std::string> listing = list(service, exchange.id(), std::move(look));
  std::string reply = co_await with_refusal_as_forbidden(std::move(listing));
  co_await answer(exchange, std::move(reply));
}

}  // namespace

net::task<void> get_buckets(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  ListingRequest look;
  co_await answer_look(service, exchange, account, std::move(look));
}

net::task<void> get_objects(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  ListingRequest look;
  look.where.bucket = http::path_parameter(exchange, "bucket");
  check_bucket("the bucket in the path", look.where.bucket);
  read_query(exchange.request().query(), look.options);
  co_await answer_look(service, exchange, account, std::move(look));
}

net::task<void> browse(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  base::Secret const body(co_await exchange.read_whole_body(limits::max_small_body_bytes));
  json::object const parsed = parse_body(body.reveal());
  JsonObject const fields(parsed, "");
  ListingRequest look = read_body(fields, service.rules);
  co_await answer_look(service, exchange, account, std::move(look));
}

}  // namespace api
