// Checksums and hashes: SHA-256 and HMAC for SigV4, MD5 for S3's ETags, keyed BLAKE2b for stored
// secrets, CRC-32 for zip entries. OpenSSL's method objects are fetched once, ISA-L does the CRC.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace base {

using Sha256 = std::array<std::uint8_t, 32>;
using Md5 = std::array<std::uint8_t, 16>;
using Blake2b = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view data);
Sha256 hmac_sha256(std::span<std::uint8_t const> key, std::string_view data);
Md5 md5(std::string_view data);
// `key` has 16 to 64 bytes.
Blake2b keyed_blake2b(std::span<std::uint8_t const> key, std::string_view data);

// A hash that is fed in pieces.
class Hasher {
 public:
  enum class Kind { md5, sha256 };
  explicit Hasher(Kind kind);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(std::string_view data);
  std::string finish();  // raw bytes; once

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

// CRC-32 of APPNOTE 4.4.7 (ISO 3309, as in gzip), continued from `crc`; 0 starts.
std::uint32_t crc32(std::uint32_t crc, std::string_view data);
// The CRC-32 of A followed by B, from the CRC-32 of each and B's length. O(log length).
std::uint32_t crc32_combine(std::uint32_t crc_a, std::uint32_t crc_b, std::uint64_t length_b);

}  // namespace base
