#include "archive/plan/freeze.h"

#include "archive/plan/entry_names.h"
#include "archive/plan/report.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "zip/names.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;

namespace {

zip::Form form_of(SelectedObject const& object, std::string_view name, Purpose purpose) {
  if (name.ends_with('/')) return zip::Form::directory;
  bool const can_wait =
      purpose == Purpose::assemble || object.crc || object.size <= limits::held_entry_bytes;
  return can_wait ? zip::Form::stored : zip::Form::stored_blocks;
}

// The report's lines for all that has no entry.
std::string report_skipped(Selection const& selection, ReportFormat format) {
  std::string report;
  if (format == ReportFormat::none) return report;
  LeftOut const& left_out = selection.left_out;
  for (std::string const& path : left_out.missing)
    add_report_row(report, format, missing_row(path));
  for (std::string const& path : left_out.own_zips)
    add_report_row(report, format, own_zip_row(path));
  add_excluded_rows(report, format, left_out.excluded, left_out.excluded_told);
  return report;
}

// Plans that grow one after the other, within what the request sets.
class Archives {
 public:
  // Takes the selection's texts if there will be only one plan.
  Archives(Selection& selection, Request const& request, zip::NameSet& names)
      : request_(request),
        names_(names),
        skipped_(report_skipped(selection, request.report_in_zip)) {
    if (!request.is_split()) plan_ = Plan(std::move(selection.texts));
    if (has_report()) names_.note_folders(report_name(request_.report_in_zip));
  }

  void add(PlannedEntry const& entry) {
    std::string line = report_line(entry);
    if (plan_.entry_count() > 0 && !fits(entry, line.size())) {
      end_plan();
      plan_ = Plan();
      line = report_line(entry);
    }
    plan_.add(entry, request_.is_split() ? Plan::Texts::copied : Plan::Texts::adopted);
    report_ += line;
    last_ = std::max(last_, entry.modified);
    bucket_ = entry.bucket;
  }

  std::vector<std::shared_ptr<PlannedArchive>> take() {
    if (plan_.entry_count() > 0) end_plan();
    return std::move(archives_);
  }

 private:
  bool has_report() const { return request_.report_in_zip != ReportFormat::none; }

  std::string report_line(PlannedEntry const& entry) const {
    std::string line;
    if (has_report()) {
      ReportRow const row = row_of(entry, archives_.size() + 1, "zipped");
      add_report_row(line, request_.report_in_zip, row);
    }
    return line;
  }

  // The size of the report's entry, headers included, with `more` bytes; 0 if there is none.
  std::uint64_t report_bytes(std::size_t more) const {
    // Local and central header, its name in both, a number in the name, fields of ZIP64.
    constexpr std::uint64_t headers = 256;
    if (!has_report()) return 0;
    return report_header(request_.report_in_zip).size() + skipped_.size() + report_.size() + more +
           headers;
  }

  // The report is not counted as an entry, but its bytes are.
  bool fits(PlannedEntry const& entry, std::size_t line_bytes) const {
    bool const counts =
        request_.max_archive_entries == 0 || plan_.entry_count() < request_.max_archive_entries;
    return counts && (request_.max_archive_bytes == 0 ||
                      plan_.archive_bytes_with(entry) + report_bytes(line_bytes) <=
                          request_.max_archive_bytes);
  }

  void end_plan() {
    if (archives_.size() == limits::max_archives) {
      throw base::Error(
          base::Fault::bad_input,
          fmt::format("maxFileSize and maxFileCount would split the zip into over {} files",
                      limits::max_archives));
    }
    if (has_report()) add_report();
    archives_.push_back(std::make_shared<PlannedArchive>(std::move(plan_)));
  }

  void add_report() {
    std::string content(report_header(request_.report_in_zip));
    content += report_;
    content += skipped_;
    if (content.size() > limits::max_report_entry_bytes) {
      throw base::Error(
          base::Fault::too_large,
          fmt::format("report.inZip: the report would have {} bytes; inside a zip {} are the "
                      "limit: ask for it beside the zip, or split the zip",
                      content.size(), limits::max_report_entry_bytes));
    }
    // A file always gets a name.
    std::string const name = names_.unique(report_name(request_.report_in_zip)).value();
    // The time is no clock's: the same selection gives the same bytes.
    plan_.add({.bucket = bucket_,
               .key = name,
               .etag = {},
               .size = content.size(),
               .modified = last_,
               .name = name,
               .form = zip::Form::stored,
               .crc = base::crc32(0, content),
               .content = content});
    report_.clear();
    skipped_.clear();
    last_ = 0;
  }

  Request const& request_;
  zip::NameSet& names_;
  Plan plan_;
  std::vector<std::shared_ptr<PlannedArchive>> archives_;
  std::string report_;       // lines of the plan's entries
  std::string skipped_;      // lines of objects in no plan, for the first one's report
  std::int64_t last_ = 0;    // the latest time of the plan's entries
  std::string_view bucket_;  // of its last one
};

}  // namespace

std::vector<std::shared_ptr<PlannedArchive>> freeze(Selection selection, Request const& request,
                                                    Purpose purpose) {
  mark_placeholders(selection);
  zip::NameSet names(request.name_rule);
  auto const object_at = [&selection](std::size_t index) -> SelectedObject const& {
    SelectedObject const& object = selection.objects[index];
    base::list_memory().used(object.key.size() + object.etag.size());
    return object;
  };
  std::size_t const count = selection.objects.size();
  for (std::size_t i = 0; i < count; ++i) {
    EntryName const named = entry_name(object_at(i), request, selection);
    if (!named.name.empty()) names.note_folders(named.name);
  }
  Archives archives(selection, request, names);
  // A million objects are some 80 MB: they go as the plans grow.
  for (std::size_t i = 0; i < count; ++i) {
    selection.objects.free_before(i);
    SelectedObject const& object = object_at(i);
    EntryName named = entry_name(object, request, selection);
    if (named.name.empty()) continue;
    std::optional<std::string> const name = names.unique(named.name);
    if (!name) continue;  // a folder that has its entry
    if (*name != named.name) named.changes |= name_change::numbered;
    bool const rare = object.rare > 0;
    archives.add({.bucket = object.bucket,
                  .key = object.key,
                  .etag = object.etag,
                  .size = object.size,
                  .modified = object.modified,
                  .name = *name,
                  .form = form_of(object, *name, purpose),
                  .crc = object.crc,
                  .version_id =
                      rare ? selection.rare_fields[object.rare - 1].version_id : std::string_view(),
                  .name_changes = named.changes});
  }
  auto plans = archives.take();
  if (plans.empty())
    throw base::Error(base::Fault::not_found, "nothing to zip: the folder is empty");
  return plans;
}

}  // namespace archive
