#include "sandbox/buckets/virtual_content.h"

#include "base/digest.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sandbox {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;
constexpr std::uint64_t block_bytes = 64 * 1024;

// The finalizer of splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
// generators", 2014, with Stafford's constants).
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

// `text` XOR the 8 bytes of `word`, over and over; `text` starts at a word's first byte.
void mask(std::span<char> text, std::uint64_t word) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t value = 0;
    std::memcpy(&value, text.data() + i, 8);
    value ^= word;
    std::memcpy(text.data() + i, &value, 8);
  }
  for (; i < text.size(); ++i) {
    text[i] = static_cast<char>(text[i] ^ static_cast<char>(word & 0xFF));
    word >>= 8;
  }
}

}  // namespace

VirtualContent::VirtualContent(std::string_view seed, std::uint64_t size_bytes) {
  base::Sha256 const hash = base::sha256(seed);
  std::uint64_t pattern_seed = 0;
  std::memcpy(&pattern_seed, hash.data(), 8);
  std::memcpy(&block_seed_, hash.data() + 8, 8);
  pattern_.resize((std::min(size_bytes, block_bytes) + 7) / 8);
  for (std::size_t j = 0; j < pattern_.size(); ++j)
    pattern_[j] = mix(pattern_seed + (j + 1) * golden);
}

std::uint64_t VirtualContent::block_word(std::uint64_t block) const {
  return mix(block_seed_ + (block + 1) * golden);
}

void VirtualContent::fill(std::uint64_t offset, std::span<char> into) const {
  auto const* const pattern = reinterpret_cast<char const*>(pattern_.data());
  while (!into.empty()) {
    std::uint64_t const within = offset % block_bytes;
    std::size_t const count = std::min<std::uint64_t>(into.size(), block_bytes - within);
    std::memcpy(into.data(), pattern + within, count);
    // A start inside a word: the mask is turned so that it begins there.
    std::uint64_t const word = block_word(offset / block_bytes);
    mask(into.first(count), std::rotr(word, static_cast<int>(8 * (offset % 8))));
    into = into.subspan(count);
    offset += count;
  }
}

}  // namespace sandbox
