// Reads a whole archive of ours and holds it to all that docs/inside/zip-format.md promises: the
// list (reader.h, Rules::ours), then from the first byte on each local header, the data with its
// CRC-32, each descriptor, without a gap or an overlap. Shares no code with the writer but the
// arithmetic of blocks.h. Pure.
#pragma once

#include "zip/read/reader.h"

#include <vector>

namespace zip {

// The entries, in order. Error{corrupt} names the entry and what is wrong with it. An archive that
// passes holds nothing that its list does not tell.
std::vector<ListedEntry> check_archive(Source const& source);

}  // namespace zip
