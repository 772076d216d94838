#include "archive/freeze.h"

#include "base/error.h"
#include "base/limits.h"
#include "zip/names.h"

#include <utility>

namespace archive {
namespace {

// What an object is called before it is made safe: the API's bucketAsDir.
std::string raw_name(SelectedObject const& object, Request const& request) {
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
std::string clean_entry_name(SelectedObject const& object, Request const& request) {
  std::string name = raw_name(object, request);
  if (name.empty()) return name;
  // A key that ends in a slash is a folder; one with content is a file all the same.
  if (name.ends_with('/') && object.size > 0) name.pop_back();
  return zip::clean_name(name, request.name_rule);
}

zip::Form form_of(SelectedObject const& object, std::string_view name, Purpose purpose) {
  if (name.ends_with('/')) return zip::Form::directory;
  bool const can_wait =
      purpose == Purpose::assemble || object.crc || object.size <= base::limits::held_entry_bytes;
  return can_wait ? zip::Form::stored : zip::Form::stored_blocks;
}

}  // namespace

std::shared_ptr<Plan const> freeze(Selection selection, Request const& request, Purpose purpose) {
  zip::NameSet names(request.name_rule);
  for (SelectedObject const& object : selection.objects) {
    std::string const name = clean_entry_name(object, request);
    if (!name.empty()) names.note_folders(name);
  }
  auto plan = std::make_shared<Plan>(std::move(selection.texts));
  // A million objects are some 80 MB: they go as the plan grows.
  for (; !selection.objects.empty(); selection.objects.pop_front()) {
    SelectedObject const& object = selection.objects.front();
    std::string const clean = clean_entry_name(object, request);
    if (clean.empty()) continue;
    std::optional<std::string> const name = names.unique(clean);
    if (!name) continue;  // a folder that has its entry
    PlannedEntry const entry{.bucket = object.bucket,
                             .key = object.key,
                             .etag = object.etag,
                             .size = object.size,
                             .modified = object.modified,
                             .name = *name,
                             .form = form_of(object, *name, purpose),
                             .crc = object.crc};
    plan->add(entry, Plan::Texts::adopted);
  }
  plan->finish();
  if (plan->entry_count() == 0)
    throw base::Error(base::Fault::not_found, "nothing to zip: the folder is empty");
  return plan;
}

}  // namespace archive
