// Objects without a disk: content computed from a seed text (the key) and the offset, any range of
// any size at memory speed. Pure. test/support/virtual_content.py computes the same.
//
//   the content is little-endian 64-bit words; word w of the object, in block b = w / 8192, at
//   j = w % 8192 (blocks of 64 KiB), is  mix(A + (j + 1) * G) ^ mix(B + (b + 1) * G)
//
// A and B are the first two little-endian words of SHA-256(seed text), G the golden ratio
// 0x9E3779B97F4A7C15, mix the finalizer of splitmix64. No two words of an object are likely to be
// equal, so bytes of a wrong offset, block or object do not go unseen.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sandbox {

class VirtualContent {
 public:
  // `size_bytes` is that of the whole object: small ones need only a part of the pattern.
  VirtualContent(std::string_view seed, std::uint64_t size_bytes);

  // The bytes from `offset` on.
  void fill(std::uint64_t offset, std::span<char> into) const;

 private:
  std::uint64_t block_word(std::uint64_t block) const;

  std::uint64_t block_seed_ = 0;
  std::vector<std::uint64_t> pattern_;
};

}  // namespace sandbox
