// The files of ~/.aws, read as the AWS CLI reads them, which is as Python's configparser does:
// comments are whole lines, what follows a section's ']' is nothing, a line that is indented more
// than its value's key goes on with the value, and nothing stands there twice. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

// The sections of a file, by name, and their values; keys are in lower case. Values of a nested
// block stand under "block.key", with the block's key as it is written. A line break in a value is
// one.
using IniSections = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

// Error{config} that names file and line.
IniSections parse_ini(std::string_view text, std::string const& file);

// The words of "profile 'my work'", as a shell has them; nullopt where a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view text);

}  // namespace aws
