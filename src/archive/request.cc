#include "archive/request.h"

#include "base/codec.h"
#include "base/error.h"

#include <algorithm>

namespace archive {
namespace {

// Stored records say which form they have, so that a later program can read an earlier one's. Form
// 1 had no file mapper, no splitting and no rules, form 2 nothing of what decode_picked() reads,
// form 3 nothing of what decode_attributes() reads, form 4 no own_zips.
constexpr std::uint64_t form = 5;

[[noreturn]] void throw_damaged() {
  throw base::Error(base::Fault::corrupt, "a stored request is damaged");
}

// The number of one of an enum's values, or of a flag, of which `last` is the largest.
template <class Value>
Value decode_value(base::Decoder& in, Value last) {
  std::uint64_t const number = in.number();
  if (number > static_cast<std::uint64_t>(last)) throw_damaged();
  return static_cast<Value>(number);
}

constexpr std::string_view extension = ".zip";  // of any case
constexpr std::string_view first_number = "_0";

// The key without its extension, and without the number of the first of several.
std::string_view stem_of(std::string_view key) {
  key.remove_suffix(extension.size());
  if (key.ends_with(first_number)) key.remove_suffix(first_number.size());
  return key;
}

void decode_rules(base::Decoder& in, Request& request) {
  request.exact_paths = decode_value(in, true);
  for (std::uint64_t left = in.number(); left > 0; --left) {
    bool const include = decode_value(in, true);
    request.rules.push_back({include, std::string(in.text())});
  }
}

void encode_picked(base::Encoder& out, Request const& request) {
  out.number(request.sources.size());
  for (Source const& source : request.sources) {
    out.text(source.bucket);
    out.text(source.key);
    out.text(source.version_id);
    out.text(source.name);
  }
  out.text(request.manifest.bucket);
  out.text(request.manifest.key);
  out.number(static_cast<std::uint64_t>(request.manifest.format));
  out.number(request.request_payer ? 1 : 0);
  out.number(static_cast<std::uint64_t>(request.report_in_zip));
}

void decode_picked(base::Decoder& in, Request& request) {
  for (std::uint64_t left = in.number(); left > 0; --left) {
    Source& source = request.sources.emplace_back();
    source.bucket = in.text();
    source.key = in.text();
    source.version_id = in.text();
    source.name = in.text();
  }
  request.manifest.bucket = in.text();
  request.manifest.key = in.text();
  request.manifest.format = decode_value(in, ManifestFormat::inventory);
  request.request_payer = decode_value(in, true);
  request.report_in_zip = decode_value(in, ReportFormat::json_lines);
}

// All but the ACL, which is older.
void encode_attributes(base::Encoder& out, s3::Attributes const& attributes) {
  out.text(attributes.storage_class);
  out.number(attributes.metadata.size());
  for (http::Header const& line : attributes.metadata) {
    out.text(line.name);
    out.text(line.value);
  }
  out.number(attributes.tags.size());
  for (http::Field const& tag : attributes.tags) {
    out.text(tag.name);
    out.text(tag.value);
  }
  out.text(attributes.encryption.type);
  out.text(attributes.encryption.kms_key_id);
  out.number(attributes.encryption.bucket_key ? 1 : 0);
}

void decode_attributes(base::Decoder& in, s3::Attributes& attributes) {
  attributes.storage_class = in.text();
  for (std::uint64_t left = in.number(); left > 0; --left) {
    http::Header& line = attributes.metadata.emplace_back();
    line.name = in.text();
    line.value = in.text();
  }
  for (std::uint64_t left = in.number(); left > 0; --left) {
    http::Field& tag = attributes.tags.emplace_back();
    tag.name = in.text();
    tag.value = in.text();
  }
  attributes.encryption.type = in.text();
  attributes.encryption.kms_key_id = in.text();
  attributes.encryption.bucket_key = decode_value(in, true);
}

}  // namespace

std::string archive_key(std::string_view key, std::size_t index) {
  if (index == 0) return std::string(key);
  std::string out(stem_of(key));
  return out.append("_").append(std::to_string(index)).append(key.substr(key.size() - 4));
}

bool is_output(Request const& request, std::string_view bucket, std::string_view key) {
  if (bucket != request.bucket || request.target_key.empty()) return false;
  if (key == request.target_key) return true;
  std::string_view const stem = stem_of(request.target_key);
  std::string_view const end =
      std::string_view(request.target_key).substr(request.target_key.size() - extension.size());
  bool const alike = request.is_split() && key.starts_with(stem) && key.ends_with(end) &&
                     key.size() > stem.size() + 1 + extension.size() && key[stem.size()] == '_';
  if (!alike) return false;
  std::string_view number = key.substr(stem.size() + 1);
  number.remove_suffix(extension.size());
  return std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

std::string encode(Request const& request) {
  base::Encoder out;
  out.number(form);
  out.text(request.endpoint);
  out.text(request.region);
  out.text(request.bucket);
  out.number(request.paths.size());
  for (std::string const& path : request.paths) out.text(path);
  out.number(static_cast<std::uint64_t>(request.on_missing));
  out.number(static_cast<std::uint64_t>(request.name_style));
  out.text(request.base_folder);
  out.number(static_cast<std::uint64_t>(request.name_rule));
  out.text(request.file_mapper);
  out.number(request.max_archive_bytes);
  out.number(request.max_archive_entries);
  out.text(request.target_key);
  out.text(request.target_attributes.acl);
  out.number(request.presign ? 1 : 0);
  out.number(request.link_hours);
  out.number(request.exact_paths ? 1 : 0);
  out.number(request.rules.size());
  for (KeyRule const& rule : request.rules) {
    out.number(rule.include ? 1 : 0);
    out.text(rule.glob);
  }
  encode_picked(out, request);
  encode_attributes(out, request.target_attributes);
  out.number(static_cast<std::uint64_t>(request.own_zips));
  return out.take();
}

Request decode_request(std::string_view bytes) {
  base::Decoder in(bytes);
  std::uint64_t const its_form = in.number();
  if (its_form < 1 || its_form > form)
    throw base::Error(base::Fault::corrupt,
                      "a stored request has a form that this version does not know");
  Request request;
  request.endpoint = in.text();
  request.region = in.text();
  request.bucket = in.text();
  for (std::uint64_t left = in.number(); left > 0; --left) request.paths.emplace_back(in.text());
  request.on_missing = decode_value(in, OnMissing::skip);
  request.name_style = decode_value(in, NameStyle::below_path);
  request.base_folder = in.text();
  request.name_rule = decode_value(in, zip::NameRule::exact);
  if (its_form > 1) {
    request.file_mapper = in.text();
    request.max_archive_bytes = in.number();
    request.max_archive_entries = in.number();
  }
  request.target_key = in.text();
  request.target_attributes.acl = in.text();
  request.presign = decode_value(in, true);
  request.link_hours = decode_value(in, UINT32_MAX);
  if (its_form > 1) decode_rules(in, request);
  if (its_form > 2) decode_picked(in, request);
  if (its_form > 3) decode_attributes(in, request.target_attributes);
  if (its_form > 4) request.own_zips = decode_value(in, OwnZips::include);
  if (!in.done()) throw_damaged();
  return request;
}

}  // namespace archive
