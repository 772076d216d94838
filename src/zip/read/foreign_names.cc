#include "zip/read/foreign_names.h"

#include "base/text.h"
#include "zip/format.h"

#include <algorithm>

namespace zip {
namespace {

// Code page 437 from 0x80 on; it is ASCII below.
constexpr std::u16string_view upper_half =
    u"\u00C7\u00FC\u00E9\u00E2\u00E4\u00E0\u00E5\u00E7"
    u"\u00EA\u00EB\u00E8\u00EF\u00EE\u00EC\u00C4\u00C5"
    u"\u00C9\u00E6\u00C6\u00F4\u00F6\u00F2\u00FB\u00F9"
    u"\u00FF\u00D6\u00DC\u00A2\u00A3\u00A5\u20A7\u0192"
    u"\u00E1\u00ED\u00F3\u00FA\u00F1\u00D1\u00AA\u00BA"
    u"\u00BF\u2310\u00AC\u00BD\u00BC\u00A1\u00AB\u00BB"
    u"\u2591\u2592\u2593\u2502\u2524\u2561\u2562\u2556"
    u"\u2555\u2563\u2551\u2557\u255D\u255C\u255B\u2510"
    u"\u2514\u2534\u252C\u251C\u2500\u253C\u255E\u255F"
    u"\u255A\u2554\u2569\u2566\u2560\u2550\u256C\u2567"
    u"\u2568\u2564\u2565\u2559\u2558\u2552\u2553\u256B"
    u"\u256A\u2518\u250C\u2588\u2584\u258C\u2590\u2580"
    u"\u03B1\u00DF\u0393\u03C0\u03A3\u03C3\u00B5\u03C4"
    u"\u03A6\u0398\u03A9\u03B4\u221E\u03C6\u03B5\u2229"
    u"\u2261\u00B1\u2265\u2264\u2320\u2321\u00F7\u2248"
    u"\u00B0\u2219\u00B7\u221A\u207F\u00B2\u25A0\u00A0";
static_assert(upper_half.size() == 128);

// All characters of the table have two or three bytes.
void add_utf8(std::string& out, char16_t code) {
  auto const add = [&out](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x800) {
    add(0xC0U | code >> 6U);
  } else {
    add(0xE0U | code >> 12U);
    add(0x80U | (code >> 6U & 0x3FU));
  }
  add(0x80U | (code & 0x3FU));
}

std::string from_code_page_437(std::string_view text) {
  std::string out;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      add_utf8(out, upper_half[byte - 0x80U]);
    }
  }
  return out;
}

// 4.4.2.2: MS-DOS and OS/2 (FAT), HPFS, NTFS, VFAT. Their names cannot hold a backslash.
bool has_backslash_paths(ListedEntry const& entry) {
  constexpr unsigned fat = 0, hpfs = 6, ntfs = 10, vfat = 14;
  unsigned const system = entry.version_made_by >> 8U;
  return system == fat || system == hpfs || system == ntfs || system == vfat;
}

}  // namespace

std::string readable_name(ListedEntry const& entry) {
  bool const is_utf8 = (entry.flags & flag_utf8) != 0 || base::is_utf8(entry.name);
  std::string name = is_utf8 ? entry.name : from_code_page_437(entry.name);
  if (has_backslash_paths(entry)) std::ranges::replace(name, '\\', '/');
  return name;
}

}  // namespace zip
