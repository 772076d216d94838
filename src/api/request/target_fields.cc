#include "api/request/target_fields.h"

#include "api/request/source_fields.h"
#include "api/request/zip_request.h"
#include "archive/select/target_metadata.h"
#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace api {
namespace {

void check(std::string_view path, std::optional<std::string> const& flaw) {
  if (flaw) refuse_field(path, *flaw);
}

// The path of a field whose name the client has made up.
std::string path_below(std::string_view path, std::string_view name) {
  return fmt::format("{}.{}", path, shown(name));
}

void parse_key(JsonObject const& target, std::string& key) {
  std::string const path = target.path_of("key");
  key = target.text("key");
  if (key.empty()) return;
  check_key(path, key);
  if (!is_zip_name(key)) refuse_field(path, "must end in .zip");
  if (std::ranges::any_of(key, base::is_control))
    refuse_field(path, "must not hold control characters");
}

std::vector<http::Field> parse_tags(JsonObject const& target) {
  std::string const path = target.path_of("tags");
  std::vector<http::Field> tags;
  for (auto& [name, value] : target.text_fields("tags")) {
    tags.push_back({std::move(name), std::move(value)});
    check(path_below(path, tags.back().name), s3::flaw_of_tag(tags.back()));
  }
  check(path, s3::flaw_of_tag_count(tags));
  return tags;
}

std::vector<http::Field> parse_metadata(JsonObject const& target) {
  std::string const path = target.path_of("metadata");
  std::vector<http::Field> lines;
  for (auto const& [name, value] : target.text_fields("metadata")) {
    lines.push_back({base::to_lower(name), value});
    check(path_below(path, name), archive::flaw_of_target_metadata(lines));
  }
  return lines;
}

s3::Encryption parse_encryption(JsonObject const& target) {
  s3::Encryption encryption;
  auto const fields = target.object("encryption");
  if (!fields) return encryption;
  encryption.type = fields->text("type");
  if (encryption.type.empty()) refuse_field(fields->path_of("type"), "is required");
  check(fields->path_of("type"), s3::flaw_of_encryption_type(encryption.type));
  encryption.kms_key_id = fields->text("kmsKeyId");
  check(fields->path_of("kmsKeyId"), s3::flaw_of_kms_key_id(encryption));
  encryption.bucket_key = fields->flag("bucketKey", false);
  check(fields->path_of("bucketKey"), s3::flaw_of_bucket_key(encryption));
  fields->check_all_known();
  return encryption;
}

}  // namespace

void parse_target(JsonObject const& body, archive::Request& request) {
  auto const target = body.object("target");
  if (!target) return;
  parse_key(*target, request.target_key);
  s3::Attributes& attributes = request.target_attributes;
  attributes.acl = target->text("acl");
  check_acl(target->path_of("acl"), attributes.acl);
  attributes.storage_class = target->text("storageClass");
  check(target->path_of("storageClass"), s3::flaw_of_storage_class(attributes.storage_class));
  attributes.tags = parse_tags(*target);
  attributes.metadata = parse_metadata(*target);
  attributes.encryption = parse_encryption(*target);
  target->check_all_known();
}

}  // namespace api
