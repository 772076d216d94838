#include "archive/select/manifest_rows.h"

#include "archive/select/csv_records.h"
#include "archive/select/tiers.h"
#include "aws/endpoint.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/etag.h"

#include <algorithm>
#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace archive {

namespace json = boost::json;
namespace limits = base::limits;
using base::equals_ignoring_case;
using base::in_quotes;

namespace {

[[noreturn]] void refuse(ManifestTerms const& terms, std::uint64_t line, std::string_view why) {
  throw base::Error(base::Fault::bad_input, fmt::format("{} line {}: {}", terms.name, line, why));
}

// Checks what every format asks of a row.
void check(ManifestTerms const& terms, ManifestRow& row) {
  if (row.bucket.empty()) row.bucket = terms.default_bucket;
  if (!aws::is_bucket_name(row.bucket)) {
    refuse(terms, row.line,
           fmt::format("{} cannot be the name of a bucket", in_quotes(row.bucket)));
  }
  if (row.key.empty()) refuse(terms, row.line, "the key is empty");
  if (row.key.size() > limits::max_key_bytes) {
    refuse(terms, row.line,
           fmt::format("the key has {} bytes; S3's longest have {}", row.key.size(),
                       limits::max_key_bytes));
  }
}

// ---- CSV

enum class Column : std::uint8_t {
  bucket,
  key,
  version_id,
  name,
  is_latest,
  is_delete_marker,
  size,
  modified,
  etag,
  storage_class,
  ignored,
};

struct ColumnName {
  std::string_view name;
  Column column;
};
constexpr std::array own_columns{
    ColumnName{"bucket", Column::bucket}, ColumnName{"key", Column::key},
    ColumnName{"versionId", Column::version_id}, ColumnName{"name", Column::name}};
constexpr std::array inventory_columns{ColumnName{"Bucket", Column::bucket},
                                       ColumnName{"Key", Column::key},
                                       ColumnName{"VersionId", Column::version_id},
                                       ColumnName{"IsLatest", Column::is_latest},
                                       ColumnName{"IsDeleteMarker", Column::is_delete_marker},
                                       ColumnName{"Size", Column::size},
                                       ColumnName{"LastModifiedDate", Column::modified},
                                       ColumnName{"ETag", Column::etag},
                                       ColumnName{"StorageClass", Column::storage_class}};

template <class Names>
Column find_column(Names const& names, std::string_view text) {
  auto const found = std::ranges::find_if(
      names, [text](ColumnName const& one) { return equals_ignoring_case(one.name, text); });
  return found == names.end() ? Column::ignored : found->column;
}

bool has(std::vector<Column> const& columns, Column column) {
  return std::ranges::find(columns, column) != columns.end();
}

class Csv final : public ManifestReader {
 public:
  explicit Csv(ManifestTerms terms)
      : terms_(std::move(terms)), records_(terms_.name, limits::max_manifest_line_bytes) {}

  void feed(std::string_view bytes, std::vector<ManifestRow>& rows) override {
    while (!bytes.empty() && mark_left_ > 0) {
      if (bytes.front() != mark[mark.size() - mark_left_]) {
        records_.feed(mark.substr(0, mark.size() - mark_left_), taker(rows));
        mark_left_ = 0;
      } else {
        bytes.remove_prefix(1);
        --mark_left_;
      }
    }
    records_.feed(bytes, taker(rows));
  }
  void finish(std::vector<ManifestRow>& rows) override {
    if (mark_left_ > 0) records_.feed(mark.substr(0, mark.size() - mark_left_), taker(rows));
    records_.finish(taker(rows));
  }
  std::uint64_t lines() const override { return records_.line() - 1; }

 private:
  // A byte order mark, as spreadsheets write it.
  static constexpr std::string_view mark = "\xEF\xBB\xBF";

  CsvRecords::Take taker(std::vector<ManifestRow>& rows) {
    return [this, &rows](CsvRecords::Fields& fields, std::uint64_t line) {
      if (columns_.empty() && take_header(fields, line)) return;
      rows.push_back(row_of(fields, line));
    };
  }

  // Whether the first record names the columns. Without that they are in the order of own_columns.
  bool take_header(CsvRecords::Fields const& fields, std::uint64_t line) {
    std::vector<Column> named;
    for (std::string const& field : fields) named.push_back(find_column(own_columns, field));
    bool const is_header = has(named, Column::bucket) && has(named, Column::key);
    if (!is_header) {
      for (ColumnName const& one : own_columns) columns_.push_back(one.column);
      return false;
    }
    for (std::size_t i = 0; i < named.size(); ++i) {
      if (named[i] == Column::ignored) {
        refuse(terms_, line,
               fmt::format("a column is called {}; bucket, key, versionId and name are known",
                           in_quotes(fields[i])));
      }
      if (std::ranges::count(named, named[i]) > 1)
        refuse(terms_, line, fmt::format("two columns are called {}", in_quotes(fields[i])));
    }
    columns_ = named;
    header_ = true;
    return true;
  }

  ManifestRow row_of(CsvRecords::Fields& fields, std::uint64_t line) const {
    bool const fits = header_ ? fields.size() == columns_.size()
                              : fields.size() >= 2 && fields.size() <= columns_.size();
    if (!fits) {
      refuse(terms_, line,
             header_ ? fmt::format("it has {} fields; the first line has {}", fields.size(),
                                   columns_.size())
                     : fmt::format("it has {} fields; bucket,key[,versionId[,name]] are expected",
                                   fields.size()));
    }
    ManifestRow row{.line = line, .bucket = {}, .key = {}, .version_id = {}, .name = {}};
    for (std::size_t i = 0; i < fields.size(); ++i) {
      std::string& into = columns_[i] == Column::bucket       ? row.bucket
                          : columns_[i] == Column::key        ? row.key
                          : columns_[i] == Column::version_id ? row.version_id
                                                              : row.name;
      into = std::move(fields[i]);
    }
    check(terms_, row);
    return row;
  }

  ManifestTerms terms_;
  CsvRecords records_;
  std::vector<Column> columns_;
  bool header_ = false;
  std::size_t mark_left_ = mark.size();  // bytes of a byte order mark that may still come
};

// ---- an inventory's data files

class InventoryFile final : public ManifestReader {
 public:
  InventoryFile(ManifestTerms terms, std::vector<std::string> const& columns)
      : terms_(std::move(terms)), records_(terms_.name, limits::max_manifest_line_bytes) {
    for (std::string const& name : columns)
      columns_.push_back(find_column(inventory_columns, name));
  }

  void feed(std::string_view bytes, std::vector<ManifestRow>& rows) override {
    records_.feed(bytes, taker(rows));
  }
  void finish(std::vector<ManifestRow>& rows) override { records_.finish(taker(rows)); }
  std::uint64_t lines() const override { return records_.line() - 1; }

 private:
  CsvRecords::Take taker(std::vector<ManifestRow>& rows) {
    return [this, &rows](CsvRecords::Fields& fields, std::uint64_t line) {
      if (fields.size() != columns_.size()) {
        refuse(terms_, line,
               fmt::format("it has {} fields; the inventory's fileSchema names {}", fields.size(),
                           columns_.size()));
      }
      if (is_current(fields)) rows.push_back(row_of(fields, line));
    };
  }

  // Empty if there is no such column.
  std::string_view field(CsvRecords::Fields const& fields, Column column) const {
    auto const found = std::ranges::find(columns_, column);
    return found == columns_.end() ? std::string_view()
                                   : fields[static_cast<std::size_t>(found - columns_.begin())];
  }

  bool is_current(CsvRecords::Fields const& fields) const {
    return !equals_ignoring_case(field(fields, Column::is_latest), "false") &&
           !equals_ignoring_case(field(fields, Column::is_delete_marker), "true");
  }

  ManifestRow row_of(CsvRecords::Fields const& fields, std::uint64_t line) const {
    std::string_view const encoded = field(fields, Column::key);
    // '+' is a space; a plus sign is written %2B.
    auto key = base::form_decode(encoded);
    if (!key)
      refuse(terms_, line, fmt::format("the key {} is not URL-encoded", in_quotes(encoded)));
    ManifestRow row{.line = line,
                    .bucket = std::string(field(fields, Column::bucket)),
                    .key = std::move(*key),
                    .version_id = std::string(field(fields, Column::version_id)),
                    .name = {},
                    .facts = facts_of(fields, line)};
    check(terms_, row);
    return row;
  }

  std::optional<ManifestRow::Facts> facts_of(CsvRecords::Fields const& fields,
                                             std::uint64_t line) const {
    std::string_view const size = field(fields, Column::size);
    std::string_view const etag = field(fields, Column::etag);
    std::string_view const modified = field(fields, Column::modified);
    std::string_view const storage_class = field(fields, Column::storage_class);
    auto const bytes = base::parse_uint(size);
    if (!size.empty() && !bytes)
      refuse(terms_, line, fmt::format("the size {} is no number", in_quotes(size)));
    auto const time = base::parse_rfc3339(modified);
    if (!modified.empty() && !time) {
      refuse(terms_, line,
             fmt::format("the LastModifiedDate {} is no time such as 2026-11-22T12:00:00.000Z",
                         in_quotes(modified)));
    }
    // Only S3 itself knows whether an archived object can be read.
    if (!bytes || etag.empty() || may_be_archived(storage_class, *bytes)) return std::nullopt;
    return ManifestRow::Facts{
        .size = *bytes, .etag = s3::quoted_etag(etag), .modified = time.value_or(0)};
  }

  ManifestTerms terms_;
  CsvRecords records_;
  std::vector<Column> columns_;
};

// ---- JSON Lines

class JsonLines final : public ManifestReader {
 public:
  explicit JsonLines(ManifestTerms terms) : terms_(std::move(terms)) {}

  void feed(std::string_view bytes, std::vector<ManifestRow>& rows) override {
    for (;;) {
      std::size_t const end = bytes.find('\n');
      std::string_view const piece = bytes.substr(0, end);
      if (text_.size() + piece.size() > limits::max_manifest_line_bytes) {
        refuse(terms_, line_, fmt::format("it has over {} bytes", limits::max_manifest_line_bytes));
      }
      text_ += piece;
      if (end == std::string_view::npos) return;
      take_line(rows);
      ++line_;
      bytes.remove_prefix(end + 1);
    }
  }
  void finish(std::vector<ManifestRow>& rows) override {
    if (text_.empty()) return;
    take_line(rows);
    ++line_;
  }
  std::uint64_t lines() const override { return line_ - 1; }

 private:
  void take_line(std::vector<ManifestRow>& rows) {
    std::string const text = std::move(text_);
    text_.clear();
    if (!base::trim(text).empty()) rows.push_back(row_of(text));
  }

  ManifestRow row_of(std::string const& text) const {
    std::string const what = fmt::format("{} line {}", terms_.name, line_);
    json::value const parsed = base::parse_json(text, what);
    if (!parsed.is_object()) refuse(terms_, line_, "it must be an object {\"key\": …}");
    ManifestRow row{.line = line_, .bucket = {}, .key = {}, .version_id = {}, .name = {}};
    for (auto const& [name, value] : parsed.get_object()) {
      std::string* const into = name == "bucket"      ? &row.bucket
                                : name == "key"       ? &row.key
                                : name == "versionId" ? &row.version_id
                                : name == "name"      ? &row.name
                                                      : nullptr;
      if (into == nullptr) {
        refuse(terms_, line_,
               fmt::format("there is no field {}; bucket, key, versionId and name are known",
                           in_quotes(name)));
      }
      if (value.is_null()) continue;
      if (!value.is_string())
        refuse(terms_, line_, fmt::format("{} must be a text", std::string_view(name)));
      *into = std::string(value.get_string());
    }
    check(terms_, row);
    return row;
  }

  ManifestTerms terms_;
  std::string text_;
  std::uint64_t line_ = 1;
};

// ---- manifest.json

[[noreturn]] void refuse_inventory(std::string_view name, std::string_view why) {
  throw base::Error(base::Fault::bad_input, fmt::format("{}: {}", name, why));
}

std::string text_field(json::object const& object, std::string_view field) {
  json::value const* const found = object.if_contains(field);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

std::unique_ptr<ManifestReader> read_csv(ManifestTerms terms) {
  return std::make_unique<Csv>(std::move(terms));
}

std::unique_ptr<ManifestReader> read_json_lines(ManifestTerms terms) {
  return std::make_unique<JsonLines>(std::move(terms));
}

std::unique_ptr<ManifestReader> read_inventory_file(ManifestTerms terms,
                                                    std::vector<std::string> const& columns) {
  return std::make_unique<InventoryFile>(std::move(terms), columns);
}

Inventory parse_inventory(std::string_view text, std::string_view name) {
  json::value const parsed = base::parse_json(text, name);
  if (!parsed.is_object()) refuse_inventory(name, "it is not the manifest.json of an S3 Inventory");
  json::object const& object = parsed.get_object();
  std::string const format = text_field(object, "fileFormat");
  json::value const* const files = object.if_contains("files");
  std::string const schema = text_field(object, "fileSchema");
  if (format.empty() || schema.empty() || files == nullptr || !files->is_array()) {
    refuse_inventory(name,
                     "it is not the manifest.json of an S3 Inventory: that has fileFormat, "
                     "fileSchema and files");
  }
  if (format != "CSV") {
    refuse_inventory(name, fmt::format("its files are in the format {}; only CSV can be read: "
                                       "choose that for the inventory",
                                       in_quotes(format)));
  }
  Inventory inventory;
  inventory.bucket = text_field(object, "destinationBucket");
  constexpr std::string_view resource = ":::";  // "arn:aws:s3:::bucket"
  if (std::size_t const at = inventory.bucket.rfind(resource); at != std::string::npos)
    inventory.bucket.erase(0, at + resource.size());
  for (std::string_view const column : base::split(schema, ','))
    inventory.columns.emplace_back(base::trim(column));
  bool const has_key = std::ranges::any_of(inventory.columns, [](std::string const& column) {
    return equals_ignoring_case(column, "Key");
  });
  if (!has_key) refuse_inventory(name, "its fileSchema names no column Key");
  for (json::value const& file : files->get_array()) {
    std::string key = file.is_object() ? text_field(file.get_object(), "key") : std::string();
    if (key.empty()) refuse_inventory(name, "one of its files has no key");
    inventory.files.push_back(std::move(key));
  }
  return inventory;
}

}  // namespace archive
