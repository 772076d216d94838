// The reason of a Response without one: not even the space before it is written, as some servers do
// it.
#pragma once

#include <string_view>

namespace http {

inline constexpr std::string_view no_reason = "\r";  // a reason that cannot be written

}  // namespace http
