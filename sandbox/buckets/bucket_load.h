// Builds a bucket's index from the remains of a process on disk: the plain files, the journal's
// lines, the hidden files. Removes hidden files that belong to nothing, but never a plain file.
#pragma once

#include "sandbox/buckets/folder_scan.h"
#include "sandbox/buckets/journal.h"
#include "sandbox/buckets/object.h"

#include <filesystem>
#include <set>
#include <string>

namespace sandbox {

// `virtual_objects` exist unless the journal says otherwise.
Index load_index(Journal& journal, FolderScan& scan, std::filesystem::path const& hidden,
                 Index const& virtual_objects);

// The names of all hidden files that the index's objects consist of.
std::set<std::string> files_in_use(Index const& index);

}  // namespace sandbox
