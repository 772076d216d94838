#include "http/host_name.h"

#include "base/text.h"
#include "net/reach.h"

#include <algorithm>

namespace http {
namespace {

constexpr std::string_view digits = "0123456789";

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool is_label(std::string_view text) {
  constexpr std::size_t longest = 63;  // RFC 1035, 2.3.4
  return !text.empty() && text.size() <= longest && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, is_label_character);
}

// A number is what the URL standard calls one: digits, or hex digits after 0x.
bool is_number(std::string_view label) {
  bool const is_hex = label.size() > 1 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X');
  std::string_view const allowed = is_hex ? "0123456789abcdefABCDEF" : digits;
  return label.substr(is_hex ? 2 : 0).find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool is_host_name(std::string_view text) {
  constexpr std::size_t longest = 253;
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > longest) return false;
  if (!std::ranges::all_of(base::split(text, '.'), is_label)) return false;
  std::string_view const last = text.substr(text.rfind('.') + 1);
  return !is_number(last) || net::parse_ip(text).has_value();
}

}  // namespace http
