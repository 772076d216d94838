#include "api/request/native_request.h"

#include "api/request/s3_fields.h"
#include "api/request/source_fields.h"
#include "api/request/target_fields.h"
#include "aws/endpoint.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "notify/webhook_url.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

void add_rules(JsonObject const& body, std::string_view field, bool include,
               std::vector<archive::KeyRule>& rules) {
  std::vector<JsonItem> const globs = body.items(field);
  if (globs.size() > limits::max_key_rules)
    refuse_field(field, fmt::format("has more than {} items", limits::max_key_rules));
  for (JsonItem const& item : globs) {
    std::string glob = item.text();
    check_key(item.path(), glob);
    rules.push_back({include, std::move(glob)});
  }
}

void check_length(std::vector<archive::KeyRule> const& rules) {
  std::size_t bytes = 0;
  for (archive::KeyRule const& rule : rules) bytes += rule.glob.size();
  if (bytes > limits::max_key_rule_bytes)
    refuse_field("include and exclude",
                 fmt::format("have {} bytes together; {} are the limit: list the sources in a "
                             "manifest",
                             bytes, limits::max_key_rule_bytes));
}

void parse_names(JsonObject const& body, archive::Request& request) {
  auto const names = body.object("names");
  if (!names) return;
  constexpr archive::NameStyle styles[] = {
      archive::NameStyle::key, archive::NameStyle::bucket_and_key, archive::NameStyle::below_path};
  request.name_style = styles[names->choice("style", {"key", "bucketAndKey", "relative"})];
  request.name_rule = names->choice("rule", {"portable", "exact"}) == 0 ? zip::NameRule::portable
                                                                        : zip::NameRule::exact;
  request.file_mapper = names->text("map");
  check_key(names->path_of("map"), request.file_mapper);
  names->check_all_known();
}

void parse_split(JsonObject const& body, archive::Request& request) {
  auto const split = body.object("split");
  if (!split) return;
  request.max_archive_bytes = split->number("maxBytes", 1, INT64_MAX).value_or(0);
  request.max_archive_entries = split->number("maxEntries", 1, INT64_MAX).value_or(0);
  split->check_all_known();
}

void parse_link(JsonObject const& body, archive::Request& request) {
  request.link_hours = limits::default_link_hours;
  auto const link = body.object("link");
  if (!link) return;
  request.presign = link->flag("presign", true);
  request.link_hours = static_cast<std::uint32_t>(
      link->number("hours", limits::min_link_hours, limits::max_link_hours)
          .value_or(limits::default_link_hours));
  link->check_all_known();
}

// The expiry tells also how long the credentials that the request brings are needed.
void parse_expiry(JsonObject const& body, ZipRequest& zip) {
  auto const hours =
      body.number("expiresAfterHours", limits::min_zip_life_hours, limits::max_zip_life_hours);
  if (!hours) return;
  if (!zip.credentials.session_token.empty())
    refuse_field("expiresAfterHours",
                 "needs credentials without a sessionToken, as these end before the zip is to be "
                 "deleted: keep some with the account (PUT /api/account/credentials), or let a "
                 "lifecycle rule of the bucket delete it");
  zip.expiry.after_hours = static_cast<std::uint32_t>(*hours);
  // A link does not outlive its zip.
  zip.request.link_hours = std::min(zip.request.link_hours, zip.expiry.after_hours);
}

std::string checked_webhook(std::string url, ZipRequestRules const& rules) {
  if (url.empty()) return url;
  try {
    notify::parse_webhook_url(url, rules.webhook_networks);
  } catch (base::Error const& error) {
    throw base::Error(error.fault(), fmt::format("webhook {}", error.what()));
  }
  return url;
}

// The name of a download: as asked, or after the only source, or the bucket.
std::string file_name(JsonObject const& body, archive::Request const& request) {
  std::string const asked = body.text("fileName");
  if (asked.size() > limits::max_key_bytes) refuse_field("fileName", "is too long");
  if (!asked.empty()) return download_file_name(asked);
  if (request.paths.size() + request.sources.size() != 1 || !request.manifest.key.empty())
    return download_file_name(request.bucket);
  if (request.paths.size() == 1) return download_file_name(request.paths.front());
  archive::Source const& only = request.sources.front();
  return download_file_name(only.bucket + "/" + only.key);
}

}  // namespace

NativeRequest parse_native_request(JsonObject const& body, NativeKind kind,
                                   ZipRequestRules const& rules) {
  NativeRequest parsed;
  archive::Request& request = parsed.zip.request;
  S3Fields fields = read_s3_fields(body, rules);
  if (fields.credentials.access_key.empty() && !rules.own_credentials)
    refuse_field("credentials", "is required");
  parsed.zip.credentials = std::move(fields.credentials);
  request.endpoint = std::move(fields.endpoint);
  request.region = std::move(fields.region);
  request.bucket = body.text("bucket");
  check_bucket("bucket", request.bucket, rules);
  parse_source_fields(body, rules, request);
  add_rules(body, "include", true, request.rules);
  add_rules(body, "exclude", false, request.rules);
  check_length(request.rules);
  parse_names(body, request);
  request.on_missing = body.choice("onMissing", {"fail", "skip"}) == 0 ? archive::OnMissing::fail
                                                                       : archive::OnMissing::skip;
  request.own_zips = body.choice("ownZips", {"exclude", "include"}) == 0
                         ? archive::OwnZips::exclude
                         : archive::OwnZips::include;
  parse_split(body, request);
  parse_link(body, request);
  if (kind == NativeKind::zip) parse_target(body, request);
  if (kind == NativeKind::zip) parse_expiry(body, parsed.zip);
  if (kind == NativeKind::stream) parsed.zip.file_name = file_name(body, request);
  parsed.zip.mail_to = checked_mail_address("email", body.text("email"), rules);
  parsed.zip.webhook = checked_webhook(body.text("webhook"), rules);
  parsed.idempotency_key = checked_idempotency_key("idempotencyKey", body.text("idempotencyKey"));
  body.check_all_known();
  return parsed;
}

std::string checked_idempotency_key(std::string_view field, std::string key) {
  if (key.size() > limits::max_idempotency_key_bytes)
    refuse_field(field, fmt::format("is longer than {} bytes", limits::max_idempotency_key_bytes));
  if (std::ranges::any_of(key, base::is_control))
    refuse_field(field, "must not hold control characters");
  return key;
}

}  // namespace api
