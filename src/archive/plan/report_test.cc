// The lines of a report, in both formats.
#include "archive/plan/report.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

ReportRow full_row() {
  return {.archive = 2,
          .name = "a, \"b\".txt",
          .bucket = "photos",
          .key = "k\n1",
          .version_id = "v",
          .size = 12,
          .crc = 0xAB,
          .name_changes = name_change::requested | name_change::numbered,
          .state = "zipped",
          .reason = ""};
}

TEST(Report, a_line_of_csv_quotes_what_needs_it) {
  std::string report;
  add_report_row(report, ReportFormat::csv, full_row());
  EXPECT_EQ(report,
            "2,\"a, \"\"b\"\".txt\",photos,\"k\n1\",v,12,000000ab,requested+numbered,zipped,\r\n");
  std::string_view const header = report_header(ReportFormat::csv);
  EXPECT_EQ(header, "archive,name,bucket,key,versionId,size,crc32,nameChange,state,reason\r\n");
}

TEST(Report, no_cell_of_csv_is_a_formula) {
  struct Case {
    std::string_view key;
    std::string_view cell;
  };
  for (Case const& one :
       {Case{"=1+1", "'=1+1"}, Case{"+1", "'+1"}, Case{"-1", "'-1"}, Case{"@SUM(A1)", "'@SUM(A1)"},
        Case{"\t=1", "'\t=1"}, Case{"\r=1", "\"'\r=1\""}, Case{"=A,\"b\"", "\"'=A,\"\"b\"\"\""},
        Case{"'=1", "''=1"},
        Case{"''-1",
             "'"
             "''-1"},
        Case{"'tis", "'tis"}, Case{"a=1", "a=1"}, Case{"'", "'"}}) {
    ReportRow row;
    row.key = one.key;
    row.state = "zipped";
    std::string report;
    add_report_row(report, ReportFormat::csv, row);
    EXPECT_EQ(report, ",,," + std::string(one.cell) + ",,,,,zipped,\r\n") << one.key;
  }
}

TEST(Report, a_line_of_json_leaves_out_what_is_not_there) {
  std::string report;
  add_report_row(report, ReportFormat::json_lines, full_row());
  EXPECT_EQ(report,
            "{\"archive\":2,\"name\":\"a, \\\"b\\\".txt\",\"bucket\":\"photos\",\"key\":\"k\\n1\","
            "\"versionId\":\"v\",\"size\":12,\"crc32\":\"000000ab\","
            "\"nameChange\":\"requested+numbered\",\"state\":\"zipped\"}\n");
  report.clear();
  add_report_row(report, ReportFormat::json_lines, missing_row("photos/a/b\xFF"));
  EXPECT_EQ(report,
            "{\"bucket\":\"photos\",\"key\":\"a/b\xEF\xBF\xBD\",\"state\":\"missing\","
            "\"reason\":\"no such object or folder\"}\n");
  EXPECT_EQ(report_header(ReportFormat::json_lines), "");
}

TEST(Report, tells_what_was_left_out) {
  std::string report;
  add_excluded_rows(report, ReportFormat::csv, 0, {});
  EXPECT_EQ(report, "");
  add_excluded_rows(report, ReportFormat::csv, 7, {"photos/a.tmp"});
  add_report_row(report, ReportFormat::csv, own_zip_row("photos/old.zip"));
  add_report_row(report, ReportFormat::csv, missing_row("photos"));
  EXPECT_EQ(report,
            ",,photos,a.tmp,,,,,excluded,by the include and exclude rules\r\n"
            ",,,,,,,,excluded,\"7 objects, by the include and exclude rules\"\r\n"
            ",,photos,old.zip,,,,,excluded,"
            "\"an earlier zip of the same sources, or what this zip is written to\"\r\n"
            ",,photos,,,,,,missing,no such object or folder\r\n");
}

}  // namespace
}  // namespace archive
