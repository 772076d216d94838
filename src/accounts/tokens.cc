#include "accounts/tokens.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include <climits>
#include <jwt.h>

namespace accounts {
namespace {

struct FreeToken {
  void operator()(jwt_t* token) const { jwt_free(token); }  // erases its copy of the key
};
using Token = std::unique_ptr<jwt_t, FreeToken>;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

[[noreturn]] void refuse(std::string const& why) {
  throw base::Error(base::Fault::unauthorized, why);
}

constexpr char malformed[] = "the token is malformed; get one from /gentoken";

// libjwt fails for lack of memory only, if the arguments are right.
void must(int error) {
  if (error == ENOMEM) throw std::bad_alloc();
  base::check(error == 0, "libjwt refused its arguments");
}

bool is_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// Header, claims and signature, none empty, in base64url. libjwt is laxer: its decoder skips
// characters that are no base64, and it works on the stack.
void check_shape(std::string_view token) {
  if (token.size() > base::limits::max_token_bytes) refuse(malformed);
  std::vector<std::string_view> const parts = base::split(token, '.');
  bool const whole =
      parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), is_base64url);
      });
  if (!whole) refuse(malformed);
}

// The token, if one of the keys has signed it; else empty.
Token decode(std::string const& token, Keys const& keys) {
  for (std::size_t i = 0; i < keys.count(); ++i) {
    std::span<std::uint8_t const> const key = keys.token_key(i);
    jwt_t* decoded = nullptr;
    int const error = jwt_decode(&decoded, token.c_str(), key.data(), static_cast<int>(key.size()));
    if (error == ENOMEM) throw std::bad_alloc();
    if (error == 0) return Token(decoded);
  }
  return {};
}

long number(Token const& token, char const* claim) {
  long const value = jwt_get_grant_int(token.get(), claim);
  if (errno == ENOENT) refuse(malformed);
  return value;
}

}  // namespace

std::string issue_token(TokenClaims const& claims, Keys const& keys, base::UnixSeconds now) {
  jwt_t* made = nullptr;
  must(jwt_new(&made));
  Token const token(made);
  std::span<std::uint8_t const> const key = keys.token_key(0);
  must(jwt_set_alg(token.get(), JWT_ALG_HS256, key.data(), static_cast<int>(key.size())));
  must(jwt_add_grant(token.get(), "sub", claims.account_id.c_str()));
  must(jwt_add_grant(token.get(), "key", claims.user_key.c_str()));
  must(jwt_add_grant_int(token.get(), "gen", claims.generation));
  must(jwt_add_grant_int(token.get(), "iat", now));
  base::UnixSeconds const life = std::chrono::seconds(base::limits::token_life).count();
  must(jwt_add_grant_int(token.get(), "exp", now + life));
  std::unique_ptr<char, FreeText> const text(jwt_encode_str(token.get()));
  if (!text) throw std::bad_alloc();
  return text.get();
}

TokenClaims check_token(std::string_view text, Keys const& keys, base::UnixSeconds now) {
  check_shape(text);
  Token const token = decode(std::string(text), keys);
  // The header chose the algorithm by which libjwt has checked the signature: only ours counts.
  if (!token || jwt_get_alg(token.get()) != JWT_ALG_HS256) {
    refuse("the token's signature is wrong; get a new one from /gentoken");
  }
  char const* const account_id = jwt_get_grant(token.get(), "sub");
  char const* const user_key = jwt_get_grant(token.get(), "key");
  if (!account_id || !user_key) refuse(malformed);
  long const generation = number(token, "gen");
  if (generation < 1 || generation > INT_MAX) refuse(malformed);
  if (number(token, "exp") <= now) refuse("the token has expired; get a new one from /gentoken");
  return {account_id, user_key, static_cast<int>(generation)};
}

void check_current(TokenClaims const& claims, std::optional<UserKey> const& key,
                   std::optional<Account> const& account, base::UnixSeconds now) {
  if (!key || !account || account->id != claims.account_id || key->account_id != account->id)
    refuse("the token's key was revoked, or its account deleted; get a new token from /gentoken");
  if (account->disabled) refuse("the token's account is disabled");
  if (!is_current(*key, claims.generation, now))
    refuse("the key's secret was renewed; get a new token from /gentoken");
}

}  // namespace accounts
