// The tokens that gentoken hands out: JWTs (RFC 7519), HS256 and nothing else, valid for
// limits::token_life. They name the account and the generation of its key, so that rotating the
// key ends them at once.
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
  int key_generation = 0;
  bool operator==(TokenClaims const&) const = default;
};

std::string issue_token(Account const& account, Keys const& keys, base::UnixSeconds now);

// Error{unauthorized} for a token that is malformed, forged, signed by another algorithm or by a
// key no longer listed, or expired. check_current() tells whether the account still stands by it.
TokenClaims check_token(std::string_view token, Keys const& keys, base::UnixSeconds now);

// Error{unauthorized} unless `account` (the store's under claims.account_id) exists, is not
// disabled, and has not had its key rotated since.
void check_current(TokenClaims const& claims, std::optional<Account> const& account);

}  // namespace accounts
