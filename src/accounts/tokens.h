// The tokens that gentoken hands out: JWTs (RFC 7519), HS256 and nothing else, valid for
// limits::token_life. They name the account, its userKey and the generation of the secret, so that
// they end with the secret.
//
// Pure: time is an argument, and libjwt's own clock is not asked. Thread-safe: each call has a
// libjwt object of its own.
#pragma once

#include "accounts/account.h"
#include "accounts/keys.h"
#include "base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace accounts {

struct TokenClaims {
  std::string account_id;
  std::string user_key;
  int generation = 0;  // of the key's secret
  bool operator==(TokenClaims const&) const = default;
};

std::string issue_token(TokenClaims const& claims, Keys const& keys, base::UnixSeconds now);

// Error{unauthorized} for a token that is malformed, forged, signed by another algorithm or by a
// key no longer listed, or expired. check_current() tells whether the account still stands by it.
TokenClaims check_token(std::string_view token, Keys const& keys, base::UnixSeconds now);

// Error{unauthorized} unless `key` and `account` (the store's, for claims.user_key) exist, belong
// together and stand, and the key's secret is that of then, or still works beside it.
void check_current(TokenClaims const& claims, std::optional<UserKey> const& key,
                   std::optional<Account> const& account, base::UnixSeconds now);

}  // namespace accounts
