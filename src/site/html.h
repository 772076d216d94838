// Pages below any path. Pure.
//
// In a page's tags, each attribute's value that begins with "./" is relative to the path below
// which the server stands, not to the page's own; data-base="/" tells the page's script that path.
// The server writes it into each: "/" or, behind a proxy that has the server below a path of its
// own, "/zips/".
#pragma once

#include <string>
#include <string_view>

namespace site {

// The page below `prefix`: "" or "/zips", without a slash at the end.
std::string html_below(std::string_view prefix, std::string_view page);

}  // namespace site
