// An account may ask for zips. Programs name themselves by its userKey and prove it with the
// userSecret, which is shown once and stored as a keyed hash only.
//
// Pure; the account's storage is that of store/store.h.
#pragma once

#include "accounts/keys.h"
#include "base/clock.h"
#include "base/secret.h"

#include <optional>
#include <string>
#include <string_view>

namespace accounts {

inline constexpr std::size_t user_key_characters = 20;
inline constexpr std::size_t user_secret_characters = 36;

struct Account {
  std::string id;           // a uuid
  std::string name;         // for people; unique
  std::string user_key;     // A-Z a-z 0-9; unique
  std::string secret_hash;  // Keys::hash_secret
  int key_generation = 1;   // tokens carry it: another secret, or disabling, ends them
  bool disabled = false;
  base::UnixSeconds created_at = 0;
  std::string hashed_by = {};  // the fingerprint of the master key under which secret_hash is
  std::string error_url = {};  // where people are sent if a link of it fails; empty: nowhere
  bool operator==(Account const&) const = default;
};

struct NewAccount {
  Account account;
  base::Secret user_secret;
};

// Error{bad_input} for a name that is empty, too long, or not printable UTF-8.
NewAccount create_account(std::string_view name, Keys const& keys, base::UnixSeconds now);

// Gives the account a new secret, which is returned; the caller stores it on the condition that the
// generation before is still in use. The userKey stays: it is a name, and programs have it in their
// configuration. The old secret and all tokens issued for it end.
base::Secret rotate_keys(Account& account, Keys const& keys);

// True if the account exists, is not disabled and has this secret. An unknown userKey (nullopt)
// costs the same work: the time does not tell which userKeys exist.
bool verify_secret(std::optional<Account> const& account, std::string_view secret,
                   Keys const& keys);

}  // namespace accounts
