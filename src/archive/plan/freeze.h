// Makes a plan of a selection, or several if the request splits its zip: each object gets its final
// name and its form in the archive. From here on only CRC-32s are open about the archives' bytes.
#pragma once

#include "archive/plan/planned_archive.h"
#include "archive/request.h"
#include "archive/selection.h"

#include <memory>
#include <vector>

namespace archive {

enum class Purpose {
  stream,    // written in order: an entry too large to hold back goes in stored blocks
  assemble,  // parts may be written in any order: every entry is stored, its CRC in its header
};

// The archives in the order of the selection, one at least; names are unique in all of them
// together. An entry is never cut: one that is larger than an archive may be has its own. Each has
// its report as its last entry, if the request asks for one. Throws Error{too_large} for a report
// over limits::max_report_entry_bytes, {not_found} if no entry is left, {bad_input} over
// limits::max_archives.
std::vector<std::shared_ptr<PlannedArchive>> freeze(Selection selection, Request const& request,
                                                    Purpose purpose);

}  // namespace archive
