#include "archive/plan/report.h"

#include "base/text.h"

#include <array>
#include <iterator>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace archive {

namespace json = boost::json;

namespace {

std::string crc_text(std::optional<std::uint32_t> crc) {
  return crc ? fmt::format("{:08x}", *crc) : std::string();
}

// Spreadsheets take a cell that begins so for a formula, and run it.
bool looks_like_a_formula(std::string_view cell) {
  constexpr std::string_view beginnings = "=+-@\t\r\n";
  std::size_t const first = cell.find_first_not_of('\'');
  return first != cell.npos && beginnings.find(cell[first]) != cell.npos;
}

// An apostrophe makes the cell a text. A cell that has one already gets another: a reader of the
// report takes one away and has the original.
void add_csv(std::string& report, std::string_view cell) {
  std::string text;
  if (looks_like_a_formula(cell)) text = '\'';
  text += cell;
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    report += text;
    return;
  }
  report += '"';
  for (char const c : text) report.append(c == '"' ? 2 : 1, c);
  report += '"';
}

void add_csv_row(std::string& report, ReportRow const& row) {
  report += row.archive > 0 ? std::to_string(row.archive) : "";
  for (std::string_view const text : {row.name, row.bucket, row.key, row.version_id}) {
    report += ',';
    add_csv(report, text);
  }
  report.append(",").append(row.size ? std::to_string(*row.size) : "");
  report.append(",").append(crc_text(row.crc));
  report.append(",").append(changes_text(row.name_changes));
  report.append(",").append(row.state).append(",");
  add_csv(report, row.reason);
  report += "\r\n";
}

// JSON holds UTF-8 only; a key may be any bytes.
void add_text(json::object& line, std::string_view name, std::string_view text) {
  if (!text.empty()) line[name] = base::to_utf8(text);
}

// Empty fields are left out.
void add_json_row(std::string& report, ReportRow const& row) {
  json::object line;
  if (row.archive > 0) line["archive"] = row.archive;
  add_text(line, "name", row.name);
  add_text(line, "bucket", row.bucket);
  add_text(line, "key", row.key);
  add_text(line, "versionId", row.version_id);
  if (row.size) line["size"] = *row.size;
  add_text(line, "crc32", crc_text(row.crc));
  add_text(line, "nameChange", changes_text(row.name_changes));
  add_text(line, "state", row.state);
  add_text(line, "reason", row.reason);
  report.append(json::serialize(line)).append("\n");
}

}  // namespace

std::string changes_text(std::uint8_t changes) {
  struct Named {
    std::uint8_t change;
    std::string_view name;
  };
  constexpr std::array all{
      Named{name_change::requested, "requested"}, Named{name_change::mapped, "mapped"},
      Named{name_change::folder, "folder"}, Named{name_change::cleaned, "cleaned"},
      Named{name_change::numbered, "numbered"}};
  std::string text;
  for (Named const& one : all) {
    if ((changes & one.change) != 0) text.append(text.empty() ? "" : "+").append(one.name);
  }
  return text;
}

std::string_view report_header(ReportFormat format) {
  if (format == ReportFormat::json_lines) return "";
  return "archive,name,bucket,key,versionId,size,crc32,nameChange,state,reason\r\n";
}

void add_report_row(std::string& report, ReportFormat format, ReportRow const& row) {
  if (format == ReportFormat::json_lines) {
    add_json_row(report, row);
  } else {
    add_csv_row(report, row);
  }
}

ReportRow row_of(PlannedEntry const& entry, std::uint64_t archive, std::string_view state) {
  bool const own = !entry.content.empty();
  return {.archive = archive,
          .name = entry.name,
          .bucket = own ? std::string_view() : entry.bucket,
          .key = own ? std::string_view() : entry.key,
          .version_id = entry.version_id,
          .size = entry.size,
          .crc = entry.crc,
          .name_changes = entry.name_changes,
          .state = own ? "generated" : state,
          .reason = own ? "the report in the zip" : ""};
}

namespace {

// The row of a path without an entry; `path` is "bucket/key".
ReportRow row_without_entry(std::string_view path, std::string_view state,
                            std::string_view reason) {
  std::size_t const slash = path.find('/');
  bool const has_key = slash != std::string_view::npos;
  ReportRow row;
  row.bucket = has_key ? path.substr(0, slash) : path;
  row.key = has_key ? path.substr(slash + 1) : std::string_view();
  row.state = state;
  row.reason = reason;
  return row;
}

}  // namespace

ReportRow missing_row(std::string_view path) {
  return row_without_entry(path, "missing", "no such object or folder");
}

ReportRow own_zip_row(std::string_view path) {
  return row_without_entry(path, "excluded",
                           "an earlier zip of the same sources, or what this zip is written to");
}

void add_excluded_rows(std::string& report, ReportFormat format, std::uint64_t count,
                       std::vector<std::string> const& told) {
  if (count == 0) return;
  for (std::string const& path : told)
    add_report_row(report, format,
                   row_without_entry(path, "excluded", "by the include and exclude rules"));
  std::string const reason = fmt::format("{} objects, by the include and exclude rules", count);
  ReportRow row;
  row.state = "excluded";
  row.reason = reason;
  add_report_row(report, format, row);
}

std::string_view report_name(ReportFormat format) {
  return format == ReportFormat::json_lines ? "s3zipper-report.jsonl" : "s3zipper-report.csv";
}

std::string_view report_content_type(ReportFormat format) {
  return format == ReportFormat::json_lines ? "application/jsonl" : "text/csv; charset=utf-8";
}

}  // namespace archive
