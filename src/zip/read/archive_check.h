// Reads a whole archive of ours and checks all promises of docs/inside/zip-format.md: the list
// (reader.h, Rules::ours), then from the first byte on each local header, the data with its CRC-32,
// each descriptor, without a gap or an overlap. Shares no code with the writer but the arithmetic
// of blocks.h. Pure.
#pragma once

#include "zip/read/reader.h"

#include <vector>

namespace zip {

// The entries, in order. Error{corrupt} names the entry and its fault. An archive that passes holds
// nothing but what its list tells.
std::vector<ListedEntry> check_archive(Source const& source);

}  // namespace zip
