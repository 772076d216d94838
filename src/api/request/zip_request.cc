#include "api/request/zip_request.h"

#include "api/request/loose_values.h"
#include "api/request/protection.h"
#include "archive/select/inspect.h"
#include "aws/endpoint.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "notify/smtp.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

[[noreturn]] void refuse(std::string const& message) {
  throw Error(Fault::bad_input, message);
}

constexpr std::array<std::string_view, 7> canned_acls{
    "private",       "public-read",       "public-read-write",        "authenticated-read",
    "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control"};

bool is_empty(std::string_view text) {
  return text.empty() || text == "-";
}

aws::Credentials parse_credentials(Fields const& fields, ZipRequestRules const& rules) {
  aws::Credentials credentials;
  credentials.access_key = fields.text("awsKey");
  credentials.secret_key = base::Secret(fields.text("awsSecret"));
  credentials.session_token = base::Secret(fields.text("awsToken"));
  bool const no_key = is_empty(credentials.access_key);
  bool const no_secret = is_empty(credentials.secret_key.reveal());
  bool const no_token = is_empty(credentials.session_token.reveal());
  if (rules.own_credentials && no_key && no_secret && no_token) return {};
  if (no_key) refuse("awsKey is required");
  if (no_secret) refuse("awsSecret is required");
  if (no_token) credentials.session_token = {};
  check_header_text("awsKey", credentials.access_key);
  check_header_text("awsSecret", credentials.secret_key.reveal());
  check_header_text("awsToken", credentials.session_token.reveal());
  return credentials;
}

// Whether the path fits a key in the bucket, or in another one that its first segment names.
bool fits_a_key(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.size() <= limits::max_key_bytes) return true;
  std::size_t const slash = path.find('/');
  return slash <= limits::max_bucket_name_bytes && path.size() - slash - 1 <= limits::max_key_bytes;
}

std::vector<std::string> parse_paths(Fields const& fields) {
  std::vector<std::string> paths = fields.list("filePaths");
  if (paths.empty()) refuse("filePaths is required: name at least one file or folder");
  if (paths.size() > limits::max_paths)
    refuse(
        fmt::format("filePaths holds {} paths; {} are the limit", paths.size(), limits::max_paths));
  for (std::string const& path : paths) {
    if (!fits_a_key(path))
      refuse(fmt::format("filePaths: \"{}\" is longer than any key", shown(path)));
    if (!base::is_utf8(path)) refuse(fmt::format("filePaths: \"{}\" is no UTF-8", shown(path)));
  }
  return paths;
}

std::string_view last_segment(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

void parse_names(Fields const& fields, archive::Request& request) {
  std::string const as_folder = fields.text("bucketAsDir");
  std::string const lower = base::to_lower(base::trim(as_folder));
  if (lower == "true" || lower == "1") {
    request.name_style = archive::NameStyle::bucket_and_key;
  } else if (!lower.empty() && lower != "false" && lower != "0") {
    request.name_style = archive::NameStyle::below_folder;
    request.base_folder = last_segment(as_folder);
  }
  std::string const names = base::to_lower(fields.text("names"));
  if (names == "exact") {
    request.name_rule = zip::NameRule::exact;
  } else if (!names.empty() && names != "portable") {
    refuse("names must be portable or exact");
  }
  std::string const on_missing = base::to_lower(fields.text("onMissing"));
  if (on_missing == "skip") {
    request.on_missing = archive::OnMissing::skip;
  } else if (!on_missing.empty() && on_missing != "fail") {
    refuse("onMissing must be fail or skip");
  }
}

void parse_own_zips(Fields const& fields, archive::Request& request) {
  std::string const own_zips = base::to_lower(fields.text("ownZips"));
  if (own_zips == "include") {
    request.own_zips = archive::OwnZips::include;
  } else if (!own_zips.empty() && own_zips != "exclude") {
    refuse("ownZips must be exclude or include");
  }
}

void parse_split(Fields const& fields, archive::Request& request) {
  std::string const size = fields.text("maxFileSize");
  if (!size.empty()) {
    auto const plain = loose_count(size);
    auto const bytes = plain ? plain : base::parse_size(size);
    if (!bytes || *bytes == 0 || *bytes > INT64_MAX)
      refuse(fmt::format("maxFileSize: \"{}\" is no size such as 10MB", shown(size)));
    request.max_archive_bytes = *bytes;
  }
  auto const count = fields.count("maxFileCount");
  if (count && *count == 0) refuse("maxFileCount must be 1 or more");
  request.max_archive_entries = count.value_or(0);
}

// The link's life in whole hours.
std::uint32_t link_hours(Fields const& fields) {
  double const hours = fields.number("expireLink").value_or(limits::default_link_hours);
  return static_cast<std::uint32_t>(
      std::clamp<double>(hours, limits::min_link_hours, limits::max_link_hours));
}

std::string with_extension(std::string name) {
  return is_zip_name(name) ? name : name + ".zip";
}

std::string download_name(Fields const& fields, archive::Request const& request) {
  std::string const zip_to = fields.text("zipTo");
  std::string_view name = last_segment(request.bucket);
  std::string const asked = fields.text("zipFileName");
  if (!asked.empty()) {
    name = last_segment(asked);
  } else if (is_zip_name(zip_to)) {
    name = last_segment(zip_to);
  } else if (request.paths.size() == 1 && !last_segment(request.paths.front()).empty()) {
    name = last_segment(request.paths.front());
  }
  return download_file_name(name);
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = base::to_utf8(text.substr(0, longest));
  std::ranges::replace_if(out, base::is_control, '?');
  return out + (text.size() > longest ? "…" : "");
}

ZipRequest parse_zip_request(Fields const& fields, std::string_view acl,
                             ZipRequestRules const& rules) {
  ZipRequest parsed;
  archive::Request& request = parsed.request;
  if (!fields.protection().empty()) refuse_protection(fields.protection());
  parsed.credentials = parse_credentials(fields, rules);
  request.bucket = fields.text("awsBucket");
  check_bucket("awsBucket", request.bucket, rules);
  request.endpoint = checked_endpoint("awsEndpoint", fields.text("awsEndpoint"), rules);
  request.region = checked_region("awsRegion", fields.text("awsRegion"), request.endpoint, rules);
  request.paths = parse_paths(fields);
  parse_names(fields, request);
  parse_own_zips(fields, request);
  parse_split(fields, request);
  request.file_mapper = fields.text("fileMapper");
  if (!fits_a_key(request.file_mapper))
    refuse(fmt::format("fileMapper: \"{}\" is longer than any key", shown(request.file_mapper)));
  request.presign = fields.flag("usePresignUrl", true);
  request.link_hours = link_hours(fields);
  check_acl("x-amz-acl", acl);
  request.target_attributes.acl = acl;
  parsed.file_name = download_name(fields, request);
  parsed.mail_to = checked_mail_address("resultsEmail", fields.text("resultsEmail"), rules);
  return parsed;
}

void check_bucket(std::string_view field, std::string_view bucket, ZipRequestRules const& rules) {
  if (bucket.empty()) refuse(fmt::format("{} is required", field));
  if (!aws::is_bucket_name(bucket))
    refuse(fmt::format("{}: \"{}\" cannot be a bucket's name", field, shown(bucket)));
  std::vector<std::string> const& allowed = rules.allowed_buckets;
  if (!allowed.empty() && std::ranges::find(allowed, bucket) == allowed.end())
    throw Error(Fault::forbidden,
                fmt::format("{}: this server's configuration (ec2.allowed_buckets) does not allow "
                            "the bucket {}",
                            field, bucket));
}

void check_acl(std::string_view field, std::string_view acl) {
  if (!acl.empty() && std::ranges::find(canned_acls, acl) == canned_acls.end())
    refuse(fmt::format(
        "{} must be one of S3's canned ACLs, such as private or bucket-owner-full-control", field));
}

std::string checked_mail_address(std::string_view field, std::string_view text,
                                 ZipRequestRules const& rules) {
  std::string address(base::trim(text));
  if (address.empty()) return address;
  if (!notify::is_mail_address(address))
    refuse(fmt::format("{}: \"{}\" is not one mail address", field, shown(address)));
  if (!rules.can_mail)
    refuse(fmt::format("{}: this server sends no mail; its operator can set mail.url", field));
  return address;
}

bool is_zip_name(std::string_view name) {
  return base::to_lower(name).ends_with(".zip");
}

std::string download_file_name(std::string_view asked) {
  std::string_view const name = last_segment(asked);
  return with_extension(zip::clean_name(name.empty() ? "download" : name, zip::NameRule::portable));
}

void check_header_text(std::string_view field, std::string_view text) {
  if (text.size() > limits::max_credential_bytes)
    refuse(fmt::format("{} is longer than {} bytes", field, limits::max_credential_bytes));
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; }))
    refuse(fmt::format("{} holds a character that no key has", field));
}

std::string checked_endpoint(std::string_view field, std::string const& url,
                             ZipRequestRules const& rules) {
  if (url.empty()) return "";
  if (url.size() > limits::max_endpoint_bytes)
    refuse(fmt::format("{} is longer than {} bytes", field, limits::max_endpoint_bytes));
  aws::Endpoint endpoint;
  try {
    endpoint = aws::custom_endpoint(url);
  } catch (Error const& error) {
    throw base::with_context(std::string(field), error);
  }
  std::string const asked = aws::to_url(endpoint);
  auto const same = [&](std::string const& allowed) {
    return !allowed.empty() && aws::to_url(aws::custom_endpoint(allowed)) == asked;
  };
  // Other hosts of amazonaws.com do not count: anybody can have one there.
  bool const s3_of_aws = endpoint.regional && endpoint.port == (endpoint.tls ? 443 : 80);
  bool const allowed = same(rules.default_endpoint) || s3_of_aws ||
                       std::ranges::any_of(rules.allowed_endpoints, same);
  if (!allowed) refuse(fmt::format("{} {} is not one that this server may use", field, asked));
  return asked;
}

std::string checked_region(std::string_view field, std::string const& region,
                           std::string const& endpoint, ZipRequestRules const& rules) {
  if (region.empty()) return "";
  if (region.size() > limits::max_region_bytes)
    refuse(fmt::format("{}: \"{}\" is too long", field, shown(region)));
  std::string const& url = endpoint.empty() ? rules.default_endpoint : endpoint;
  try {
    aws::in_region(url.empty() ? aws::aws_endpoint("") : aws::custom_endpoint(url), region);
  } catch (Error const& error) {
    throw base::with_context(std::string(field), error);
  }
  return region;
}

std::string target_key(Fields const& fields, int api_version, std::string_view job_id) {
  std::string const zip_to_text = fields.text("zipTo");
  std::string_view zip_to = zip_to_text;
  std::string const bucket_prefix = fields.text("awsBucket") + "/";
  if (zip_to.starts_with('/')) zip_to.remove_prefix(1);
  if (zip_to.starts_with(bucket_prefix)) zip_to.remove_prefix(bucket_prefix.size());
  std::string const file_text = fields.text("zipFileName");
  std::string_view file = file_text;
  while (file.starts_with('/')) file.remove_prefix(1);
  std::string key;
  if (is_zip_name(zip_to)) {
    key = zip_to;
  } else {
    while (zip_to.ends_with('/')) zip_to.remove_suffix(1);
    bool const named_folder = !zip_to.empty();
    std::string name = with_extension(std::string(file.empty() ? job_id : file));
    if (named_folder && api_version == 2) name.insert(name.size() - 4, "_0");
    key = named_folder ? fmt::format("{}/{}", zip_to, name)
                       : fmt::format("{}{}", archive::default_target_folder, name);
  }
  if (std::ranges::any_of(key, base::is_control))
    refuse("zipTo and zipFileName must not hold control characters");
  if (!aws::is_key(key)) {
    refuse(fmt::format("zipTo and zipFileName make a key of {} bytes; {} are the limit", key.size(),
                       limits::max_key_bytes));
  }
  return key;
}

}  // namespace api
