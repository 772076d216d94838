// Makes a plan of a selection: each object gets its final name and its form in the archive. From
// here on nothing about the archive's bytes is open but CRC-32s.
#pragma once

#include "archive/plan.h"
#include "archive/request.h"
#include "archive/selection.h"

#include <memory>

namespace archive {

enum class Purpose {
  stream,    // written in order: an entry too large to hold back goes in stored blocks
  assemble,  // parts may be written in any order: every entry is stored, its CRC in its header
};

// The plan takes over the selection's texts. Throws Error{not_found} where no entry is left.
std::shared_ptr<Plan const> freeze(Selection selection, Request const& request, Purpose purpose);

}  // namespace archive
