// Names in archives that others made, as people mean them. The strict reader leaves names as they
// are; whoever shows or unpacks them asks here. Pure.
#pragma once

#include "zip/read/reader.h"

#include <string>

namespace zip {

// Without flag bit 11 a name is in code page 437 (APPNOTE appendix D), unless its bytes are UTF-8,
// which many write without saying so. Backslashes that MS-DOS or Windows wrote separate folders
// (4.4.17 wants slashes; .NET and others did not know).
std::string readable_name(ListedEntry const& entry);

}  // namespace zip
