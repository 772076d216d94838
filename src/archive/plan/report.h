// The report on a zip: a line for each entry, and for all that was left out, as CSV (RFC 4180, with
// a first line) or JSON Lines. docs/guides/manifests.md explains the columns. Pure.
//
// Inside a zip its bytes are fixed when the zip is planned and stored with the plan; they never
// change after that, whatever a later version of this file writes.
#pragma once

#include "archive/plan/plan.h"
#include "archive/request.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

struct ReportRow {
  std::uint64_t archive = 0;  // which of the zips the request is split into, from 1; 0: none
  std::string_view name = {};
  std::string_view bucket = {};
  std::string_view key = {};
  std::string_view version_id = {};
  std::optional<std::uint64_t> size = {};
  std::optional<std::uint32_t> crc = {};
  std::uint8_t name_changes = 0;  // of name_change
  std::string_view state = {};    // "zipped", "planned", "generated", "missing", "excluded"
  std::string_view reason = {};
};

// The changes of an entry's name (name_change), as a row tells them: "cleaned+numbered".
std::string changes_text(std::uint8_t changes);

// The text before the rows; empty for JSON Lines.
std::string_view report_header(ReportFormat format);
// Appends the line.
void add_report_row(std::string& report, ReportFormat format, ReportRow const& row);

// The row of a plan's entry; its state is "generated" if it is no object.
ReportRow row_of(PlannedEntry const& entry, std::uint64_t archive, std::string_view state);
// The row of a path that matched nothing and was skipped, "bucket/key".
ReportRow missing_row(std::string_view path);
// The row of an earlier zip of the same sources, "bucket/key".
ReportRow own_zip_row(std::string_view path);
// The rows of objects that the request's rules left out: the first of them, and how many.
void add_excluded_rows(std::string& report, ReportFormat format, std::uint64_t count,
                       std::vector<std::string> const& told);

// "s3zipper-report.csv" or ".jsonl".
std::string_view report_name(ReportFormat format);
std::string_view report_content_type(ReportFormat format);

}  // namespace archive
