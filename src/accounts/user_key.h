// Keys with which programs prove that they act for an account: a userKey, which is a name, and its
// userSecret, which is shown once and stored as a keyed hash only. An account has any number of
// them.
//
// A secret can be renewed so that the one before works for a while beside it: programs on many
// machines cannot all learn a new one at once.
//
// Pure; time is an argument.
#pragma once

#include "accounts/keys.h"
#include "base/clock.h"
#include "base/secret.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace accounts {

inline constexpr std::size_t user_key_characters = 20;
inline constexpr std::size_t user_secret_characters = 36;

struct UserKey {
  std::string user_key;  // A-Z a-z 0-9; unique
  std::string account_id;
  std::string name = {};         // for people
  std::string secret_hash = {};  // Keys::hash_secret
  std::string hashed_by = {};    // the fingerprint of the master key under which secret_hash is
  std::string secret_end =
      {};              // the secret's last 4 characters, by which people tell it from others
  int generation = 1;  // of its secret; tokens carry it
  // The secret before, until its end comes; former_until 0: there is none.
  std::string former_hash = {};
  std::string former_hashed_by = {};
  base::UnixSeconds former_until = 0;
  base::UnixSeconds created_at = 0;
  base::UnixSeconds used_at = 0;  // 0: never
  std::string used_from = {};     // the address that used it then
  bool operator==(UserKey const&) const = default;
};

struct NewUserKey {
  UserKey key;
  base::Secret secret;
};

// Error{bad_input} for a name that is empty, too long, or not printable UTF-8.
NewUserKey new_user_key(std::string_view account_id, std::string_view name, Keys const& keys,
                        base::UnixSeconds now);

// Gives the key a new secret, which is returned; the caller stores it on the condition that the
// generation before is still in use. The userKey stays: programs have it in their configuration.
// The secret before works for `overlap` more, 0 for not; one before that ends.
base::Secret renew_secret(UserKey& key, std::chrono::seconds overlap, Keys const& keys,
                          base::UnixSeconds now);

// The generation of the secret; nullopt if it is not the key's. An unknown userKey (nullopt) costs
// the same work: the time does not tell which userKeys exist.
std::optional<int> match_secret(std::optional<UserKey> const& key, std::string_view secret,
                                Keys const& keys, base::UnixSeconds now);

// Whether secrets of this generation, and tokens and links that were made with them, still count.
bool is_current(UserKey const& key, int generation, base::UnixSeconds now);

}  // namespace accounts
