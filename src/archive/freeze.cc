#include "archive/freeze.h"

#include "base/error.h"
#include "base/limits.h"
#include "zip/names.h"

#include <utility>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;

namespace {

// The API's bucketAsDir.
std::string styled_name(SelectedObject const& object, Request const& request) {
  if (request.name_style == NameStyle::bucket_and_key) {
    std::string name(object.bucket);
    name += '/';
    return name.append(object.key);
  }
  std::string_view const folder = object.key.substr(0, object.folder_bytes);
  if (request.name_style == NameStyle::below_path)
    return std::string(object.key.substr(folder.size()));
  if (request.name_style == NameStyle::below_folder && !folder.empty()) {
    std::string_view const without_slash = folder.substr(0, folder.size() - 1);
    std::string_view const last = without_slash.substr(without_slash.rfind('/') + 1);
    if (last == request.base_folder) return std::string(object.key.substr(folder.size()));
  }
  return std::string(object.key);
}

// Empty where the object needs no entry: the requested folder itself, in names relative to it.
std::string clean_entry_name(SelectedObject const& object, Request const& request,
                             NameMap const& names) {
  std::string name = styled_name(object, request);
  if (auto mapped = names.name_of(object.bucket, object.key, name)) name = std::move(*mapped);
  if (name.empty()) return name;
  // A key that ends in a slash is a folder; one with content is a file all the same.
  if (name.ends_with('/') && object.size > 0) name.pop_back();
  return zip::clean_name(name, request.name_rule);
}

zip::Form form_of(SelectedObject const& object, std::string_view name, Purpose purpose) {
  if (name.ends_with('/')) return zip::Form::directory;
  bool const can_wait =
      purpose == Purpose::assemble || object.crc || object.size <= limits::held_entry_bytes;
  return can_wait ? zip::Form::stored : zip::Form::stored_blocks;
}

// Plans that grow one after the other, within what the request sets.
class Archives {
 public:
  // Takes the texts where one plan is all there will be.
  Archives(base::Arena& texts, Request const& request) : request_(request) {
    if (request.is_split()) {
      plan_ = std::make_shared<Plan>();
    } else {
      plan_ = std::make_shared<Plan>(std::move(texts));
    }
  }

  void add(PlannedEntry const& entry) {
    if (plan_->entry_count() > 0 && !fits(entry)) {
      end_plan();
      plan_ = std::make_shared<Plan>();
    }
    plan_->add(entry, request_.is_split() ? Plan::Texts::copied : Plan::Texts::adopted);
  }

  std::vector<std::shared_ptr<Plan const>> take() {
    if (plan_->entry_count() > 0) end_plan();
    return std::move(plans_);
  }

 private:
  bool fits(PlannedEntry const& entry) const {
    bool const counts =
        request_.max_archive_entries == 0 || plan_->entry_count() < request_.max_archive_entries;
    return counts && (request_.max_archive_bytes == 0 ||
                      plan_->archive_bytes_with(entry) <= request_.max_archive_bytes);
  }

  void end_plan() {
    if (plans_.size() == limits::max_archives) {
      throw base::Error(
          base::Fault::bad_input,
          fmt::format("maxFileSize and maxFileCount would split the zip into over {} files",
                      limits::max_archives));
    }
    plan_->finish();
    plans_.push_back(std::move(plan_));
  }

  Request const& request_;
  std::shared_ptr<Plan> plan_;
  std::vector<std::shared_ptr<Plan const>> plans_;
};

}  // namespace

std::vector<std::shared_ptr<Plan const>> freeze(Selection selection, Request const& request,
                                                Purpose purpose) {
  zip::NameSet names(request.name_rule);
  for (SelectedObject const& object : selection.objects) {
    std::string const name = clean_entry_name(object, request, selection.names);
    if (!name.empty()) names.note_folders(name);
  }
  Archives archives(selection.texts, request);
  // A million objects are some 80 MB: they go as the plans grow.
  for (; !selection.objects.empty(); selection.objects.pop_front()) {
    SelectedObject const& object = selection.objects.front();
    std::string const clean = clean_entry_name(object, request, selection.names);
    if (clean.empty()) continue;
    std::optional<std::string> const name = names.unique(clean);
    if (!name) continue;  // a folder that has its entry
    archives.add({.bucket = object.bucket,
                  .key = object.key,
                  .etag = object.etag,
                  .size = object.size,
                  .modified = object.modified,
                  .name = *name,
                  .form = form_of(object, *name, purpose),
                  .crc = object.crc});
  }
  auto plans = archives.take();
  if (plans.empty())
    throw base::Error(base::Fault::not_found, "nothing to zip: the folder is empty");
  return plans;
}

}  // namespace archive
