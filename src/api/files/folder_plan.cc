#include "api/files/folder_plan.h"

#include "base/error.h"
#include "zip/names.h"

#include <string>

#include <fmt/format.h>

namespace api {

namespace {

// Bytes of the folder's parent: none if it lies at the top.
std::size_t parent_size(std::string_view folder) {
  folder.remove_suffix(1);
  return folder.rfind('/') + 1;  // npos + 1 is 0
}

}  // namespace

FolderPlan plan_folder(archive::Contents const& contents, std::string_view folder,
                       SourceOf const& source_of) {
  std::size_t const parent = parent_size(folder);
  auto const name_of = [&](std::size_t place) {
    return zip::clean_name(contents[place].name.substr(parent), zip::NameRule::exact);
  };
  std::vector<std::size_t> inside;
  zip::NameSet names(zip::NameRule::exact);
  for (std::size_t place = 0; place < contents.size(); ++place) {
    if (!contents[place].name.starts_with(folder)) continue;
    inside.push_back(place);
    names.note_folders(name_of(place));
  }
  if (inside.empty())
    throw base::Error(base::Fault::not_found,
                      fmt::format("the zip has no folder {}", zip::shown_name(folder)));
  archive::Plan plan;
  FolderPlan made;
  for (std::size_t const place : inside) {
    auto const name = names.unique(name_of(place));
    if (!name) continue;  // a directory that is there already
    archive::PlannedEntry entry = source_of(place);
    entry.name = *name;
    plan.add(entry);
    made.places.push_back(place);
  }
  made.archive = std::make_shared<archive::PlannedArchive>(std::move(plan));
  return made;
}

}  // namespace api
