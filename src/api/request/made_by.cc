#include "api/request/made_by.h"

#include "base/text.h"
#include "zip/names.h"

#include <string_view>
#include <utility>

#include <boost/json.hpp>

namespace api {

namespace json = boost::json;

namespace {

// Adds fields that say something.
class Body {
 public:
  explicit Body(json::object& object) : object_(object) {}

  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) object_[name] = base::to_utf8(value);
  }
  void number(std::string_view name, std::uint64_t value) {
    if (value != 0) object_[name] = value;
  }
  void object(std::string_view name, json::object value) {
    if (!value.empty()) object_[name] = std::move(value);
  }
  void list(std::string_view name, json::array value) {
    if (!value.empty()) object_[name] = std::move(value);
  }

 private:
  json::object& object_;
};

// ---- of the native API

// The whole bucket is "/".
std::string shown_key(std::string_view key) {
  return key.empty() ? "/" : base::to_utf8(key);
}

json::value source_of(archive::Source const& source, std::string const& bucket) {
  json::object object{{"source", shown_key(source.key)}};
  Body fields(object);
  if (source.bucket != bucket) fields.text("bucket", source.bucket);
  fields.text("versionId", source.version_id);
  fields.text("name", source.name);
  return object;
}

json::array sources(archive::Request const& request) {
  json::array list;
  for (std::string const& path : request.paths)
    list.emplace_back(shown_key(std::string_view(path).substr(request.bucket.size() + 1)));
  for (archive::Source const& source : request.sources)
    list.push_back(source_of(source, request.bucket));
  return list;
}

json::object manifest(archive::Request const& request) {
  json::object object;
  if (request.manifest.key.empty()) return object;
  Body fields(object);
  if (request.manifest.bucket != request.bucket) fields.text("bucket", request.manifest.bucket);
  fields.text("key", request.manifest.key);
  constexpr std::string_view formats[] = {"", "csv", "jsonLines", "inventory"};
  fields.text("format", formats[static_cast<std::size_t>(request.manifest.format)]);
  return object;
}

json::object report(archive::Request const& request) {
  if (request.report_in_zip == archive::ReportFormat::none) return {};
  bool const lines = request.report_in_zip == archive::ReportFormat::json_lines;
  return {{"inZip", true}, {"format", lines ? "jsonLines" : "csv"}};
}

json::array globs(archive::Request const& request, bool include) {
  json::array list;
  for (archive::KeyRule const& rule : request.rules)
    if (rule.include == include) list.emplace_back(base::to_utf8(rule.glob));
  return list;
}

json::object names(archive::Request const& request) {
  json::object object;
  if (request.name_style == archive::NameStyle::bucket_and_key) object["style"] = "bucketAndKey";
  if (request.name_style == archive::NameStyle::below_path) object["style"] = "relative";
  if (request.name_rule == zip::NameRule::exact) object["rule"] = "exact";
  Body(object).text("map", request.file_mapper);
  return object;
}

json::object split(archive::Request const& request) {
  json::object object;
  Body fields(object);
  fields.number("maxBytes", request.max_archive_bytes);
  fields.number("maxEntries", request.max_archive_entries);
  return object;
}

json::object by_name(std::vector<http::Field> const& list) {
  json::object object;
  for (http::Field const& field : list) object[field.name] = base::to_utf8(field.value);
  return object;
}

json::object encryption(s3::Encryption const& asked) {
  json::object object;
  Body fields(object);
  fields.text("type", asked.type);
  fields.text("kmsKeyId", asked.kms_key_id);
  if (asked.bucket_key) object["bucketKey"] = true;
  return object;
}

json::object target(archive::Request const& request) {
  json::object object;
  Body fields(object);
  s3::Attributes const& attributes = request.target_attributes;
  fields.text("key", request.target_key);
  fields.text("acl", attributes.acl);
  fields.text("storageClass", attributes.storage_class);
  fields.object("tags", by_name(attributes.tags));
  fields.object("metadata", by_name(attributes.metadata));
  fields.object("encryption", encryption(attributes.encryption));
  return object;
}

json::object native_body(archive::Request const& request, AskedBesides const& besides) {
  json::object body;
  Body fields(body);
  fields.text("endpoint", request.endpoint);
  fields.text("region", request.region);
  fields.text("bucket", request.bucket);
  fields.list("sources", sources(request));
  fields.object("manifest", manifest(request));
  if (request.request_payer) body["requestPayer"] = true;
  fields.object("report", report(request));
  fields.list("include", globs(request, true));
  fields.list("exclude", globs(request, false));
  fields.object("names", names(request));
  if (request.on_missing == archive::OnMissing::skip) body["onMissing"] = "skip";
  if (request.own_zips == archive::OwnZips::include) body["ownZips"] = "include";
  fields.object("split", split(request));
  body["link"] = json::object{{"presign", request.presign}, {"hours", request.link_hours}};
  fields.object("target", target(request));
  fields.number("expiresAfterHours", besides.expires_after_hours);
  fields.text("fileName", besides.file_name);
  return body;
}

// ---- of S3zipper's own API

std::string folder_of_names(archive::Request const& request) {
  switch (request.name_style) {
    case archive::NameStyle::bucket_and_key:
      return "true";
    case archive::NameStyle::below_folder:
      return request.base_folder;
    default:
      return "";
  }
}

// The bucket's name before a key is taken off it, once.
std::string zip_to(archive::Request const& request) {
  std::string const bucket = request.bucket + "/";
  std::string const& key = request.target_key;
  return key.starts_with('/') || key.starts_with(bucket) ? bucket + key : key;
}

json::object compatible_body(archive::Request const& request, AskedBesides const& besides) {
  json::object body;
  Body fields(body);
  fields.text("awsEndpoint", request.endpoint);
  fields.text("awsRegion", request.region);
  fields.text("awsBucket", request.bucket);
  json::array paths;
  for (std::string const& path : request.paths) paths.emplace_back(base::to_utf8(path));
  fields.list("filePaths", std::move(paths));
  fields.text("zipTo", zip_to(request));
  fields.text("zipFileName", besides.file_name);
  fields.text("bucketAsDir", folder_of_names(request));
  if (request.name_rule == zip::NameRule::exact) body["names"] = "exact";
  fields.text("fileMapper", request.file_mapper);
  if (request.on_missing == archive::OnMissing::skip) body["onMissing"] = "skip";
  if (request.own_zips == archive::OwnZips::include) body["ownZips"] = "include";
  fields.number("maxFileSize", request.max_archive_bytes);
  fields.number("maxFileCount", request.max_archive_entries);
  if (!request.presign) body["usePresignUrl"] = false;
  body["expireLink"] = request.link_hours;
  return body;
}

}  // namespace

json::object made_by(archive::Request const& request, AskedBesides const& besides) {
  bool const is_link = !besides.file_name.empty();
  json::object headers;
  if (request.exact_paths) {
    return {{"method", "POST"},
            {"path", is_link ? "/api/streams" : "/api/zips"},
            {"headers", std::move(headers)},
            {"body", native_body(request, besides)}};
  }
  Body(headers).text("x-amz-acl", request.target_attributes.acl);
  return {{"method", "POST"},
          {"path", is_link ? "/v2/streamzip" : "/v2/zipstart"},
          {"headers", std::move(headers)},
          {"body", compatible_body(request, besides)}};
}

}  // namespace api
