// An account may ask for zips: its programs by a userKey (user_key.h), its people by a password.
//
// Pure; the account's storage is that of store/store.h.
#pragma once

#include "accounts/keys.h"
#include "accounts/user_key.h"
#include "base/clock.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace accounts {

struct Account {
  std::string id;    // a uuid
  std::string name;  // for people, who sign in with it: a mail address, or any other; unique
  // The webhooks' secret changes with it: disabling, and keys that end at once, raise it.
  int generation = 1;
  bool is_admin = false;
  std::string password_hash = {};  // hash_password(); empty: nobody signs in with a password
  bool disabled = false;
  base::UnixSeconds created_at = 0;
  std::string error_url = {};  // where people are sent if a link of it fails; empty: nowhere
  bool operator==(Account const&) const = default;
};

// Error{bad_input} for a name that is empty, too long, or not printable UTF-8.
Account new_account(std::string_view name, base::UnixSeconds now);

// Error{bad_input} that names `field`, for a name that cannot be an account's or a key's.
void check_name(std::string_view field, std::string_view name);

}  // namespace accounts
