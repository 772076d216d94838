#include "base/digest.h"

#include "base/error.h"
#include "base/text.h"

#include <isa-l/crc.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <zlib.h>

namespace base {
namespace {

// Fetching a method costs some 2 µs each time in OpenSSL 3; this one lives as long as the process.
EVP_MD* md5_method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "MD5", nullptr);
  return method;
}

EVP_MD* sha256_method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

template <std::size_t size>
std::array<std::uint8_t, size> digest(EVP_MD* method, std::string_view data) {
  std::array<std::uint8_t, size> out{};
  unsigned length = 0;
  check(EVP_Digest(data.data(), data.size(), out.data(), &length, method, nullptr) == 1,
        "EVP_Digest failed");
  return out;
}

}  // namespace

Sha256 sha256(std::string_view data) {
  return digest<32>(sha256_method(), data);
}
Md5 md5(std::string_view data) {
  return digest<16>(md5_method(), data);
}

Sha256 hmac_sha256(std::span<std::uint8_t const> key, std::string_view data) {
  // HMAC (RFC 2104) over two plain digests: HMAC() looks its method up anew at each call.
  constexpr std::size_t block = 64;
  std::array<std::uint8_t, block> padded{};
  if (key.size() > block) {
    Sha256 const short_key = sha256({reinterpret_cast<char const*>(key.data()), key.size()});
    std::copy(short_key.begin(), short_key.end(), padded.begin());
  } else {
    std::copy(key.begin(), key.end(), padded.begin());
  }
  std::string inner;
  std::string outer;
  inner.reserve(block + data.size());
  outer.reserve(block + sizeof(Sha256));
  for (std::uint8_t const byte : padded) {
    inner += static_cast<char>(byte ^ 0x36);
    outer += static_cast<char>(byte ^ 0x5c);
  }
  inner += data;
  Sha256 const inner_hash = sha256(inner);
  outer.append(reinterpret_cast<char const*>(inner_hash.data()), inner_hash.size());
  Sha256 const result = sha256(outer);
  sodium_memzero(padded.data(), padded.size());
  sodium_memzero(inner.data(), inner.size());
  sodium_memzero(outer.data(), outer.size());
  return result;
}

Blake2b keyed_blake2b(std::span<std::uint8_t const> key, std::string_view data) {
  Blake2b out{};
  std::span<std::uint8_t const> const bytes = as_bytes(data);
  check(crypto_generichash(out.data(), out.size(), bytes.data(), bytes.size(), key.data(),
                           key.size()) == 0,
        "crypto_generichash failed");
  return out;
}

void Hasher::Free::operator()(void* context) const {
  EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

Hasher::Hasher(Kind kind) : context_(EVP_MD_CTX_new()) {
  EVP_MD* const method = kind == Kind::md5 ? md5_method() : sha256_method();
  check(EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(context_.get()), method, nullptr) == 1,
        "EVP_DigestInit failed");
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view data) {
  check(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), data.data(), data.size()) == 1,
        "EVP_DigestUpdate failed");
}

std::string Hasher::finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  check(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()),
                           reinterpret_cast<unsigned char*>(out.data()), &length) == 1,
        "EVP_DigestFinal failed");
  out.resize(length);
  return out;
}

std::uint32_t crc32(std::uint32_t crc, std::string_view data) {
  return crc32_gzip_refl(crc, as_bytes(data).data(), data.size());
}

std::uint32_t crc32_combine(std::uint32_t crc_a, std::uint32_t crc_b, std::uint64_t length_b) {
  uLong const combined = ::crc32_combine(crc_a, crc_b, static_cast<z_off_t>(length_b));
  return static_cast<std::uint32_t>(combined);
}

}  // namespace base
