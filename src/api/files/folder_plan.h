// A folder of a zip as a zip of its own: the plan of its entries, with names relative to the
// folder's parent. Pure.
#pragma once

#include "archive/plan/planned_archive.h"
#include "archive/read/contents.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace api {

// The entry at a place of the contents as a plan has it, but for its name.
using SourceOf = std::function<archive::PlannedEntry(std::size_t place)>;

struct FolderPlan {
  std::shared_ptr<archive::PlannedArchive> archive;
  std::vector<std::size_t> places;  // of its entries, in the order of the plan
};

// `folder` ends in a slash. Names are made safe, and are kept apart: those of a foreign zip may be
// neither. Error{not_found} if no entry is in the folder.
FolderPlan plan_folder(archive::Contents const& contents, std::string_view folder,
                       SourceOf const& source_of);

}  // namespace api
