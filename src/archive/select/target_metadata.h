// User metadata that a zip is stored with, beside our own lines (own_zips.h). Pure.
#pragma once

#include "http/message.h"

#include <optional>
#include <string>
#include <vector>

namespace archive {

// The flaw of the last of these lines, in words that follow its field's name; nullopt: none. Names
// are in lower case.
std::optional<std::string> flaw_of_target_metadata(std::vector<http::Field> const& lines);

}  // namespace archive
