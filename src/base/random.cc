#include "base/random.h"

#include "base/text.h"

#include <string_view>

#include <fmt/format.h>
#include <sodium.h>

namespace base {

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
}

std::string random_uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);  // RFC 9562: version 4
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);  // and variant
  std::string const digits = hex(as_bytes(bytes));
  std::string_view const d = digits;
  return fmt::format("{}-{}-{}-{}-{}", d.substr(0, 8), d.substr(8, 4), d.substr(12, 4),
                     d.substr(16, 4), d.substr(20));
}

std::string random_text(std::size_t length) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out(length, '\0');
  for (char& c : out) c = alphabet[random_below(alphabet.size())];
  return out;
}

std::uint64_t random_below(std::uint64_t bound) {
  if (bound < 2) return 0;
  if (bound <= UINT32_MAX) return randombytes_uniform(static_cast<std::uint32_t>(bound));
  std::uint64_t value = 0;
  std::uint64_t const limit = UINT64_MAX - UINT64_MAX % bound;  // the largest unbiased range
  do {
    randombytes_buf(&value, sizeof value);
  } while (value >= limit);
  return value % bound;
}

double random_fraction() {
  constexpr std::uint64_t steps = 1 << 30;
  return static_cast<double>(random_below(steps)) / static_cast<double>(steps);
}

}  // namespace base
