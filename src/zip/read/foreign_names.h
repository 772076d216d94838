// Names in foreign archives, as people mean them. The strict reader leaves names as they are; code
// that shows or unpacks them calls readable_name(). Pure.
#pragma once

#include "zip/read/reader.h"

#include <string>

namespace zip {

// Without flag bit 11 a name is in code page 437 (APPNOTE appendix D), unless its bytes are UTF-8:
// many programs write UTF-8 without the flag. Backslashes from MS-DOS or Windows separate folders
// (4.4.17 wants slashes; .NET and others did not know).
std::string readable_name(ListedEntry const& entry);

}  // namespace zip
