#include "s3/messages/key_order.h"

#include <algorithm>

namespace s3 {
namespace {

// UTF-8's bytes are in the order of code points. The first bytes of two characters decide: 0xEE and
// 0xEF begin U+E000 to U+FFFF, 0xF0 and up begin higher characters, which UTF-16 writes with code
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

bool is_before_in_paths(std::string_view a, std::string_view b) {
  auto const [at, bt] = std::ranges::mismatch(a, b);
  if (at == a.end() || bt == b.end()) return bt != b.end();
  if (*at == '/' || *bt == '/') return *at == '/';
  return static_cast<unsigned char>(*at) < static_cast<unsigned char>(*bt);
}

bool KeyOrder::take(std::string_view key) {
  if (!last_.empty()) {
    bytes_ = bytes_ && last_ < key;
    utf16_ = utf16_ && is_before_in_utf16(last_, key);
    paths_ = paths_ && is_before_in_paths(last_, key);
  }
  if (!bytes_ && !utf16_ && !paths_) return false;
  last_ = key;
  return true;
}

}  // namespace s3
