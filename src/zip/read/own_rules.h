// Our writer's promises about a central header, beyond the rules for any archive; the strict reader
// checks them. Written from docs/inside/zip-format.md, not from records.cc, so that a fault of the
// writer is seen. Pure.
#pragma once

#include "zip/read/header_fields.h"
#include "zip/read/reader.h"

namespace zip {

Form form_of(ListedEntry const& entry);

// Error{corrupt} for a header that we do not write. `after_escape_like`: an entry before it has a
// size of exactly 0xFFFFFFFF (Layout::repeats_sizes()).
void check_own_header(CentralHeader const& header, ExtraFields const& extra,
                      ListedEntry const& entry, bool after_escape_like);

}  // namespace zip
