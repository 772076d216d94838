// Texts as shells read them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cli {

// Within single quotes.
std::string in_shell_quotes(std::string_view text);
// The same, where it needs them.
std::string shell_word(std::string_view text);

}  // namespace cli
