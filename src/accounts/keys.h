// The uses of the master keys: hashing account secrets, signing tokens and links, sealing AWS
// credentials before they are stored.
//
// There is a list of them, for rotation: the first hashes, signs and seals; all of them check and
// open. Each is used through subkeys only (libsodium's crypto_kdf), one a purpose, which lie in
// locked memory (sodium_malloc) and are erased with the object; the master keys are not kept.
// Immutable but for add_retired(), hence thread-safe.
#pragma once

#include "base/secret.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace accounts {

inline constexpr std::size_t master_key_bytes = 32;

class Keys {
 public:
  // Each key has `master_key_bytes`; Error{config} for another length or an empty list.
  explicit Keys(std::span<base::Secret const> master_keys);
  ~Keys();
  Keys(Keys&&) noexcept;
  Keys& operator=(Keys&&) noexcept;

  // ---- secrets of accounts: a keyed BLAKE2b of 32 bytes
  std::string hash_secret(std::string_view secret) const;
  // Takes a time that depends on the lengths and the number of keys only.
  bool secret_matches(std::string_view secret, std::string_view hash) const;

  // ---- sealing: XChaCha20-Poly1305 with a random nonce, 41 bytes longer than the plaintext.
  // `context` (say, the job's id) is no secret; a text opens only with the one that it was sealed
  // with.
  std::string seal(std::string_view plaintext, std::string_view context) const;
  // Error{corrupt} if no key opens it: damaged, another context, or a key no longer listed.
  base::Secret open(std::string_view sealed, std::string_view context) const;

  // ---- links: a keyed BLAKE2b of 128 bits, as 32 lower-case hex digits
  std::string link_signature(std::string_view text) const;
  bool link_matches(std::string_view text, std::string_view signature) const;

  // ---- webhooks: the secret that an account's are signed with, 64 lower-case hex digits. Each
  // generation of the account has another one.
  std::string webhook_secret(std::string_view account_id, int generation) const;

  // ---- which keys these are: 16 hex digits of the first, which tell nothing of the key itself.
  // The store keeps them, so that a node with other keys can refuse to start.
  std::string fingerprint() const;
  bool has_fingerprint(std::string_view fingerprint) const;  // any key's

  // ---- keys that seal and sign no more: a part of each still checks the account secrets and links
  // of its time, as these cannot be hashed or signed anew
  // The part of one of these keys; Error{config} if none has the fingerprint.
  base::Secret retired_part(std::string_view fingerprint) const;
  // Adds that part of a key that is not among these any more. Called before the keys are shared.
  void add_retired(std::string_view fingerprint, base::Secret const& part);

  // ---- for tokens.h: the keys that sign (the first) and check (all) them
  std::size_t count() const { return count_; }
  std::span<std::uint8_t const> token_key(std::size_t index) const;

 private:
  struct Subkeys;
  struct Free {
    void operator()(Subkeys* subkeys) const;
  };
  std::span<Subkeys const> all() const;

  struct Retired;
  struct FreeRetired {
    void operator()(Retired* retired) const;
  };
  std::span<Retired const> retired() const;

  std::unique_ptr<Subkeys, Free> subkeys_;  // `count_` of them
  std::size_t count_ = 0;
  std::unique_ptr<Retired, FreeRetired> retired_;  // `retired_count_` of them
  std::size_t retired_count_ = 0;
};

}  // namespace accounts
