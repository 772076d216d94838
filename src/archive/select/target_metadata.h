// User metadata that a zip is stored with, beside the lines of ours (own_zips.h). Pure.
#pragma once

#include "http/message.h"

#include <optional>
#include <string>
#include <vector>

namespace archive {

// What is wrong with the last of these lines, to be said behind its field's name; nullopt: nothing.
// Names are in lower case.
std::optional<std::string> flaw_of_target_metadata(std::vector<http::Field> const& lines);

}  // namespace archive
