#include "s3/messages/checksum.h"

#include "base/text.h"

#include <array>

namespace s3 {

std::string crc32_text(std::uint32_t crc) {
  std::array<std::uint8_t, 4> const bytes{
      static_cast<std::uint8_t>(crc >> 24), static_cast<std::uint8_t>(crc >> 16),
      static_cast<std::uint8_t>(crc >> 8), static_cast<std::uint8_t>(crc)};
  return base::base64(bytes);
}

std::optional<std::uint32_t> parse_crc32(std::string_view text) {
  auto const bytes = base::base64_decode(base::trim(text));
  if (!bytes || bytes->size() != 4) return std::nullopt;
  std::uint32_t crc = 0;
  for (std::uint8_t const byte : *bytes) crc = crc << 8 | byte;
  return crc;
}

}  // namespace s3
