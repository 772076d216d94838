// Names a browser as people do, by its User-Agent header. Pure.
#pragma once

#include <string>
#include <string_view>

namespace api {

// "Firefox on Linux"; "a browser" for an unknown one.
std::string browser_name(std::string_view user_agent);

}  // namespace api
