#include "base/codec.h"

#include "base/error.h"

namespace base {
namespace {

[[noreturn]] void throw_damaged() {
  throw Error(Fault::corrupt, "a stored record is damaged");
}

}  // namespace

void Encoder::number(std::uint64_t value) {
  while (value >= 0x80) {
    out_ += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out_ += static_cast<char>(value);
}

void Encoder::signed_number(std::int64_t value) {
  auto const bits = static_cast<std::uint64_t>(value);
  number((bits << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

void Encoder::text(std::string_view value) {
  number(value.size());
  out_ += value;
}

std::uint64_t Decoder::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) throw_damaged();
    auto const byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) break;  // more than 64 bits
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw_damaged();
}

std::int64_t Decoder::signed_number() {
  std::uint64_t const bits = number();
  return static_cast<std::int64_t>((bits >> 1) ^ (bits & 1 ? UINT64_MAX : 0));
}

std::string_view Decoder::text() {
  std::uint64_t const size = number();
  if (size > rest_.size()) throw_damaged();
  std::string_view const value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

}  // namespace base
