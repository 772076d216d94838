// The orders in which stores list keys. Pure.
#pragma once

#include <string_view>

namespace s3 {

// That of UTF-16's code units, as Java compares texts: U+E000 to U+FFFF come behind all that is
// above them. The keys are UTF-8.
bool is_before_in_utf16(std::string_view a, std::string_view b);

}  // namespace s3
