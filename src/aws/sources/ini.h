// The files of ~/.aws, read as the AWS CLI reads them, like Python's configparser: comments are
// whole lines, text behind a section's ']' is ignored, a line that is indented more than its
// value's key continues the value, and no section or key may come twice. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

// The sections of a file, by name, and their values; keys are in lower case. Values of a nested
// block stand under "block.key", with the block's key as it is written. A line break inside a value
// is kept.
using IniSections = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

// Error{config} that names file and line.
IniSections parse_ini(std::string_view text, std::string const& file);

// The words of "profile 'my work'", split as a shell does; nullopt if a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view text);

}  // namespace aws
