// The site in this program's own file.
#pragma once

#include <string_view>

namespace site {

// The packed files (bundle.h); empty if the program was built without the site.
std::string_view embedded();

}  // namespace site
