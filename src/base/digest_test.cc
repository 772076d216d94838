#include "base/digest.h"

#include "base/text.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Digest, published_vectors) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(crc32(0, "123456789"), 0xCBF43926U);
  // RFC 4231, cases 2 and 6 (a key longer than the block)
  EXPECT_EQ(hex(hmac_sha256(as_bytes("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  std::string const long_key(131, '\xaa');
  EXPECT_EQ(hex(hmac_sha256(as_bytes(long_key),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, pieces_give_the_hash_of_the_whole) {
  Hasher hasher(Hasher::Kind::sha256);
  hasher.update("a");
  hasher.update("bc");
  Sha256 const whole = sha256("abc");
  EXPECT_EQ(hasher.finish(), std::string(whole.begin(), whole.end()));
}

TEST(Digest, crc32_combines_over_any_cut) {
  std::string const text = "The quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    std::uint32_t const a = crc32(0, std::string_view(text).substr(0, cut));
    std::uint32_t const b = crc32(0, std::string_view(text).substr(cut));
    EXPECT_EQ(crc32_combine(a, b, text.size() - cut), crc32(0, text)) << cut;
    EXPECT_EQ(crc32(a, std::string_view(text).substr(cut)), crc32(0, text)) << cut;
  }
}

TEST(Digest, crc32_combines_lengths_over_4_gib) {
  // The CRC-32 of five GiB of zeros, added up MiB by MiB and from larger pieces.
  std::uint32_t const mib = crc32(0, std::string(1 << 20, '\0'));
  std::uint32_t by_ones = 0;
  for (int i = 0; i < 5 * 1024; ++i) by_ones = crc32_combine(by_ones, mib, 1 << 20);
  std::uint32_t gib = 0;
  for (int i = 0; i < 1024; ++i) gib = crc32_combine(gib, mib, 1 << 20);
  std::uint32_t four_gib = 0;
  for (int i = 0; i < 4; ++i) four_gib = crc32_combine(four_gib, gib, 1ULL << 30);
  EXPECT_EQ(crc32_combine(gib, four_gib, 4ULL << 30), by_ones);
}

}  // namespace
}  // namespace base
