#include "s3/key_order.h"

#include <algorithm>

namespace s3 {
namespace {

// UTF-8's bytes are in the order of code points. Of two characters the first bytes tell: 0xEE and
// 0xEF begin those from U+E000 to U+FFFF, 0xF0 and up those above, which UTF-16 writes with code
// units below 0xE000.
unsigned rank(char c) {
  auto const byte = static_cast<unsigned char>(c);
  constexpr unsigned behind_all = 0x100;
  return byte == 0xEE || byte == 0xEF ? byte + behind_all : byte;
}

}  // namespace

bool is_before_in_utf16(std::string_view a, std::string_view b) {
  auto const [at, bt] = std::ranges::mismatch(a, b);
  if (bt == b.end()) return false;
  return at == a.end() || rank(*at) < rank(*bt);
}

}  // namespace s3
