// The reason of a Response that is to have none: not even the space before it is written, as some
// servers do it.
#pragma once

#include <string_view>

namespace http {

inline constexpr std::string_view no_reason = "\r";  // none that could be written

}  // namespace http
