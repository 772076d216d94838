#include "api/request/source_fields.h"

#include "archive/select/manifest.h"
#include "base/error.h"
#include "base/limits.h"

#include <algorithm>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

void check_key(std::string_view path, std::string_view key) {
  if (key.size() > limits::max_key_bytes)
    refuse_field(path, fmt::format("is longer than any key: over {} bytes", limits::max_key_bytes));
}

namespace {

// "/" is the whole bucket.
std::string key_of(std::string_view path, std::string key) {
  check_key(path, key);
  return key == "/" ? "" : key;
}

std::string bucket_of(JsonObject const& fields, archive::Request const& request,
                      ZipRequestRules const& rules) {
  if (!fields.has("bucket")) return request.bucket;
  std::string bucket = fields.text("bucket");
  check_bucket(fields.path_of("bucket"), bucket, rules);
  return bucket;
}

archive::Source parse_source(JsonObject const& fields, archive::Request const& request,
                             ZipRequestRules const& rules) {
  std::string const path = fields.path_of("source");
  std::string const asked = fields.text("source");
  if (asked.empty()) refuse_field(path, "is required: a key or a folder");
  archive::Source source{.bucket = bucket_of(fields, request, rules),
                         .key = key_of(path, asked),
                         .version_id = fields.text("versionId"),
                         .name = fields.text("name")};
  check_key(fields.path_of("versionId"), source.version_id);
  check_key(fields.path_of("name"), source.name);
  bool const folder = source.key.empty() || source.key.ends_with('/');
  if (folder && !source.version_id.empty())
    refuse_field(fields.path_of("versionId"), "is for an object; the source is a folder");
  fields.check_all_known();
  return source;
}

void parse_sources(JsonObject const& body, ZipRequestRules const& rules,
                   archive::Request& request) {
  request.exact_paths = true;
  std::vector<JsonItem> const sources = body.items("sources");
  if (sources.empty() && !body.has("manifest")) {
    refuse_field("sources",
                 "is required: name at least one key or folder, or a manifest that lists some");
  }
  if (sources.size() > limits::max_paths) {
    refuse_field("sources", fmt::format("has {} items; {} are the limit: list them in a manifest",
                                        sources.size(), limits::max_paths));
  }
  // All sources go into one list, so that their order counts.
  bool const plain = std::ranges::all_of(sources, &JsonItem::is_text);
  for (JsonItem const& item : sources) {
    if (!item.is_text()) {
      request.sources.push_back(parse_source(item.object(), request, rules));
      continue;
    }
    std::string key = key_of(item.path(), item.text());
    if (plain) {
      request.paths.push_back(request.bucket + "/" + key);
    } else {
      request.sources.push_back({request.bucket, std::move(key), "", ""});
    }
  }
}

void parse_manifest(JsonObject const& body, ZipRequestRules const& rules,
                    archive::Request& request) {
  auto const fields = body.object("manifest");
  if (!fields) return;
  archive::Manifest& manifest = request.manifest;
  manifest.bucket = bucket_of(*fields, request, rules);
  std::string const path = fields->path_of("key");
  manifest.key = fields->text("key");
  if (manifest.key.empty()) refuse_field(path, "is required: the key of a file in S3");
  check_key(path, manifest.key);
  constexpr archive::ManifestFormat formats[] = {archive::ManifestFormat::csv,
                                                 archive::ManifestFormat::json_lines,
                                                 archive::ManifestFormat::inventory};
  std::size_t const format = fields->choice("format", {"csv", "jsonLines", "inventory"});
  if (fields->has("format")) manifest.format = formats[format];
  fields->check_all_known();
  try {
    archive::format_of(manifest);
  } catch (base::Error const&) {
    refuse_field(fields->path_of("format"),
                 "is required, as the key's end does not tell it: .csv, .jsonl, .ndjson, each "
                 "perhaps with .gz, or manifest.json");
  }
}

void parse_report(JsonObject const& body, archive::Request& request) {
  auto const fields = body.object("report");
  if (!fields) return;
  bool const json_lines = fields->choice("format", {"csv", "jsonLines"}) == 1;
  if (fields->flag("inZip", false)) {
    request.report_in_zip =
        json_lines ? archive::ReportFormat::json_lines : archive::ReportFormat::csv;
  }
  fields->check_all_known();
}

}  // namespace

void parse_source_fields(JsonObject const& body, ZipRequestRules const& rules,
                         archive::Request& request) {
  parse_sources(body, rules, request);
  parse_manifest(body, rules, request);
  request.request_payer = body.flag("requestPayer", false);
  parse_report(body, request);
}

}  // namespace api
