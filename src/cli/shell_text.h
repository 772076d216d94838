// Texts as shells read them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cli {

// The text within single quotes.
std::string in_shell_quotes(std::string_view text);
// The text, within quotes only if it needs them.
std::string shell_word(std::string_view text);

}  // namespace cli
