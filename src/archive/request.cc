#include "archive/request.h"

#include "base/codec.h"
#include "base/error.h"

#include <algorithm>
#include <map>

namespace archive {
namespace {

[[noreturn]] void throw_damaged() {
  throw base::Error(base::Fault::corrupt, "a stored request is damaged");
}

constexpr std::string_view extension = ".zip";  // of any case
constexpr std::string_view first_number = "_0";

// The key without its extension, and without the number of the first of several.
std::string_view stem_of(std::string_view key) {
  key.remove_suffix(extension.size());
  if (key.ends_with(first_number)) key.remove_suffix(first_number.size());
  return key;
}

// A stored request names its fields: it is a list of names and values, as is each thing in it. A
// field without a value (empty, 0, false) is left out. A later version of the program reads a
// request that an earlier one has stored; an earlier one refuses a field that it does not know,
// rather than ignore it.
//
// visit_fields() gives each field of a thing, with its name, to a Writer or a Reader.
template <class Visitor>
void visit_fields(Visitor& visit, std::string& text) {
  visit("text", text);
}

template <class Visitor>
void visit_fields(Visitor& visit, Source& source) {
  visit("bucket", source.bucket);
  visit("key", source.key);
  visit("versionId", source.version_id);
  visit("name", source.name);
}

template <class Visitor>
void visit_fields(Visitor& visit, Manifest& manifest) {
  visit("bucket", manifest.bucket);
  visit("key", manifest.key);
  visit("format", manifest.format, ManifestFormat::inventory);
}

template <class Visitor>
void visit_fields(Visitor& visit, KeyRule& rule) {
  visit("include", rule.include, true);
  visit("glob", rule.glob);
}

template <class Visitor>
void visit_fields(Visitor& visit, http::Field& field) {
  visit("name", field.name);
  visit("value", field.value);
}

template <class Visitor>
void visit_fields(Visitor& visit, Request& request) {
  visit("endpoint", request.endpoint);
  visit("region", request.region);
  visit("bucket", request.bucket);
  visit("paths", request.paths);
  visit("exactPaths", request.exact_paths, true);
  visit("sources", request.sources);
  visit("manifest", request.manifest);
  visit("requestPayer", request.request_payer, true);
  visit("reportInZip", request.report_in_zip, ReportFormat::json_lines);
  visit("rules", request.rules);
  visit("onMissing", request.on_missing, OnMissing::skip);
  visit("ownZips", request.own_zips, OwnZips::include);
  visit("nameStyle", request.name_style, NameStyle::below_path);
  visit("baseFolder", request.base_folder);
  visit("nameRule", request.name_rule, zip::NameRule::exact);
  visit("fileMapper", request.file_mapper);
  visit("maxArchiveBytes", request.max_archive_bytes, UINT64_MAX);
  visit("maxArchiveEntries", request.max_archive_entries, UINT64_MAX);
  visit("targetKey", request.target_key);
  visit("acl", request.target_attributes.acl);
  visit("storageClass", request.target_attributes.storage_class);
  visit("metadata", request.target_attributes.metadata);
  visit("tags", request.target_attributes.tags);
  visit("encryption", request.target_attributes.encryption.type);
  visit("kmsKeyId", request.target_attributes.encryption.kms_key_id);
  visit("bucketKey", request.target_attributes.encryption.bucket_key, true);
  visit("presign", request.presign, true);
  visit("linkHours", request.link_hours, UINT32_MAX);
}

class Writer {
 public:
  void operator()(std::string_view name, std::string const& text) { put(name, text); }
  // A number, a flag or one of an enum's values.
  template <class Value>
  void operator()(std::string_view name, Value value, Value /*largest*/) {
    base::Encoder number;
    number.number(static_cast<std::uint64_t>(value));
    if (static_cast<std::uint64_t>(value) != 0) put(name, number.take());
  }
  void operator()(std::string_view name, Manifest& manifest) { put(name, fields_of(manifest)); }
  template <class Item>
  void operator()(std::string_view name, std::vector<Item>& items) {
    base::Encoder list;
    for (Item& item : items) list.text(fields_of(item));
    put(name, list.take());
  }

  template <class Thing>
  static std::string fields_of(Thing& thing) {
    Writer writer;
    visit_fields(writer, thing);
    return writer.out_.take();
  }

 private:
  void put(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_.text(name);
    out_.text(value);
  }

  base::Encoder out_;
};

class Reader {
 public:
  void operator()(std::string_view name, std::string& text) { text = take(name); }
  template <class Value>
  void operator()(std::string_view name, Value& value, Value largest) {
    std::string_view const bytes = take(name);
    value = Value{};
    if (bytes.empty()) return;
    base::Decoder in(bytes);
    std::uint64_t const number = in.number();
    if (number > static_cast<std::uint64_t>(largest) || !in.done()) throw_damaged();
    value = static_cast<Value>(number);
  }
  void operator()(std::string_view name, Manifest& manifest) { read(take(name), manifest); }
  template <class Item>
  void operator()(std::string_view name, std::vector<Item>& items) {
    for (base::Decoder in(take(name)); !in.done();) read(in.text(), items.emplace_back());
  }

  template <class Thing>
  static void read(std::string_view bytes, Thing& thing) {
    Reader reader(bytes);
    visit_fields(reader, thing);
    if (reader.fields_.empty()) return;
    throw base::Error(base::Fault::corrupt,
                      "a stored request has a field that this version does not know");
  }

 private:
  explicit Reader(std::string_view bytes) {
    for (base::Decoder in(bytes); !in.done();) {
      std::string_view const name = in.text();
      bool const is_new = fields_.emplace(name, in.text()).second;
      if (!is_new) throw_damaged();
    }
  }
  std::string_view take(std::string_view name) {
    auto const found = fields_.extract(name);
    return found.empty() ? std::string_view() : found.mapped();
  }

  std::map<std::string_view, std::string_view> fields_;
};

}  // namespace

s3::WantedStore wanted_store(Request const& request, aws::Credentials credentials,
                             std::string made_for, std::chrono::milliseconds patience) {
  return {.endpoint = request.endpoint,
          .region = request.region,
          .requester_pays = request.request_payer,
          .credentials = std::move(credentials),
          .made_for = std::move(made_for),
          .patience = patience};
}

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
  Request fields = request;  // a Writer changes nothing, and a Reader sees the same list
  base::Encoder out;
  out.text(Writer::fields_of(fields));  // with its length: a part of it is not taken for the whole
  return out.take();
}

Request decode_request(std::string_view bytes) {
  base::Decoder in(bytes);
  Request request;
  Reader::read(in.text(), request);
  if (!in.done()) throw_damaged();
  return request;
}

}  // namespace archive
