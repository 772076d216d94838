#include "cli/shell_text.h"

#include <algorithm>

namespace cli {
namespace {

bool is_plain(char c) {
  bool const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_letter || std::string_view("-_./:@%+=,").find(c) != std::string_view::npos;
}

}  // namespace

std::string in_shell_quotes(std::string_view text) {
  std::string out = "'";
  for (char const c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string shell_word(std::string_view text) {
  bool const plain = !text.empty() && std::ranges::all_of(text, is_plain);
  return plain ? std::string(text) : in_shell_quotes(text);
}

}  // namespace cli
