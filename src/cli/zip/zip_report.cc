#include "cli/zip/zip_report.h"

#include "base/text.h"
#include "base/visible_text.h"
#include "cli/progress_bar.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cli {

namespace json = boost::json;

namespace {

std::string left_out_text(ZipReport const& report) {
  archive::LeftOut const& left_out = report.left_out;
  std::string text;
  for (std::string const& path : left_out.missing)
    text += fmt::format("skipped, nothing is there: s3://{}\n", base::visible(path));
  for (std::string const& path : left_out.own_zips)
    text += fmt::format("left out, an earlier zip of the same sources or this one: s3://{}\n",
                        base::visible(path));
  if (left_out.excluded > 0)
    text +=
        fmt::format("left out by --include and --exclude: {} objects, such as s3://{}\n",
                    with_commas(left_out.excluded), base::visible(left_out.excluded_told.front()));
  return text;
}

json::array addresses(std::vector<std::string> const& paths) {
  json::array list;
  for (std::string const& path : paths) list.emplace_back(base::to_utf8("s3://" + path));
  return list;
}

json::object fields_of(ZipReport const& report, char const* event) {
  json::object fields{{"event", event},
                      {"output", base::to_utf8(report.output)},
                      {"entries", report.entries},
                      {"source_bytes", report.source_bytes},
                      {"archive_bytes", report.archive_bytes}};
  archive::LeftOut const& left_out = report.left_out;
  fields["missing"] = addresses(left_out.missing);
  fields["own_zips"] = addresses(left_out.own_zips);
  fields["excluded"] = left_out.excluded;
  fields["excluded_first"] = addresses(left_out.excluded_told);
  return fields;
}

double total_of(std::vector<archive::CallCount> const& calls) {
  double dollars = 0;
  for (archive::CallCount const& call : calls) dollars += call.dollars;
  return dollars;
}

}  // namespace

std::string text_of(ZipReport const& report) {
  auto const rate =
      static_cast<std::uint64_t>(static_cast<double>(report.source_bytes) / report.seconds);
  return left_out_text(report) +
         fmt::format("{}: {} entries, {}, in {:.1f} s ({}/s)\n", base::visible(report.output),
                     with_commas(report.entries), base::human_size(report.archive_bytes),
                     report.seconds, base::human_size(rate));
}

std::string json_of(ZipReport const& report) {
  json::object fields = fields_of(report, "done");
  fields["seconds"] = report.seconds;
  return base::visible_json(json::serialize(fields)) + "\n";
}

std::string text_of(DryRunEntry const& entry) {
  return fmt::format("{:>10}  {}\n", base::human_size(entry.size), entry.name);
}

std::string json_of(DryRunEntry const& entry) {
  json::object const fields{{"event", "entry"},
                            {"name", base::to_utf8(entry.name)},
                            {"source", base::to_utf8(entry.source)},
                            {"size", entry.size}};
  return base::visible_json(json::serialize(fields)) + "\n";
}

std::string dry_run_text_of(ZipReport const& report, std::vector<archive::CallCount> const& calls) {
  std::string text = left_out_text(report);
  text += fmt::format("\n{}: {} entries of {}, a zip of {} ({} bytes)\n\n",
                      base::visible(report.output), with_commas(report.entries),
                      base::human_size(report.source_bytes), base::human_size(report.archive_bytes),
                      with_commas(report.archive_bytes));
  for (archive::CallCount const& call : calls)
    text +=
        fmt::format("{:<24}{:>14}  ${:.6f}\n", call.name, with_commas(call.count), call.dollars);
  text += fmt::format("{:<24}{:>14}  ${:.6f}\n\n", "all requests", "", total_of(calls));
  text += fmt::format("Prices: {}. Storage, and transfer out of AWS, are not in it.\n",
                      archive::price_list);
  return text;
}

std::string dry_run_json_of(ZipReport const& report, std::vector<archive::CallCount> const& calls) {
  json::object fields = fields_of(report, "estimate");
  json::object counts;
  for (archive::CallCount const& call : calls) counts[call.name] = call.count;
  fields["calls"] = std::move(counts);
  fields["dollars"] = total_of(calls);
  fields["price_list"] = archive::price_list;
  return base::visible_json(json::serialize(fields)) + "\n";
}

}  // namespace cli
