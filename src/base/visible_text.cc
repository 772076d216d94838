#include "base/visible_text.h"

#include "base/text.h"

#include <fmt/format.h>

namespace base {
namespace {

// The first character of valid UTF-8.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

Character first_of(std::string_view text) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char const lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t const bytes = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) code = (code << 6U) | (byte(i) & 0x3FU);
  return {code, bytes};
}

bool is_ascii_control(char32_t c) {
  return c < 0x20 || c == 0x7F;
}

// Unicode's C1 controls, its Bidi_Control, and its separators of lines and paragraphs.
bool is_unicode_control(char32_t c) {
  return (c >= 0x80 && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Replaces control characters by `escape` of them, and leaves all others.
template <class Escape>
std::string with_escapes(std::string_view text, Escape escape) {
  std::string const valid = to_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    Character const c = first_of(rest);
    if (is_ascii_control(c.code) || is_unicode_control(c.code)) {
      out += escape(c.code);
    } else {
      out += rest.substr(0, c.bytes);
    }
    rest.remove_prefix(c.bytes);
  }
  return out;
}

}  // namespace

std::string visible(std::string_view text) {
  return with_escapes(text, [](char32_t c) {
    auto const number = static_cast<std::uint32_t>(c);
    return is_ascii_control(c) ? fmt::format("\\x{:02X}", number)
                               : fmt::format("\\u{:04X}", number);
  });
}

std::string visible_json(std::string_view json) {
  return with_escapes(json, [](char32_t c) {
    // White space stands between values only; JSON strings hold none of it.
    if (c == '\n' || c == '\r' || c == '\t') return std::string(1, static_cast<char>(c));
    return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
  });
}

}  // namespace base
