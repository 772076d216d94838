// The ways in which people come in: sessions of browsers, and codes that count once. Both are
// random texts of 256 bits that only the holder has; the store has their hashes.
#pragma once

#include "base/clock.h"
#include "base/secret.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace accounts {

// A browser that is signed in. Its cookie holds the token.
struct Session {
  std::string id;          // a uuid, by which its owner ends it
  std::string token_hash;  // hash_token()
  std::string account_id;
  base::UnixSeconds created_at = 0;
  base::UnixSeconds seen_at = 0;  // it ends limits::session_life after that
  std::string browser;            // as people call it: "Firefox on Linux"; may be empty
  std::string address;            // from which it was last seen; may be empty
  bool operator==(Session const&) const = default;
};

// Whether people may make themselves an account.
enum class Registration : std::uint8_t { closed, by_invitation, open };

enum class CodeKind : std::uint8_t {
  set_up,        // lets its holder make the first account, which administrates
  invitation,    // lets its holder make an account
  confirmation,  // proves that a mail address is its holder's; the account is made then
  password,      // lets its holder set another password
  sign_in        // lets its holder in
};
inline constexpr std::array all_code_kinds{CodeKind::set_up, CodeKind::invitation,
                                           CodeKind::confirmation, CodeKind::password,
                                           CodeKind::sign_in};

constexpr std::string_view name(CodeKind kind) {
  constexpr std::array<std::string_view, all_code_kinds.size()> names{
      "set_up", "invitation", "confirmation", "password", "sign_in"};
  return names.at(static_cast<std::size_t>(kind));
}

struct Code {
  std::string token_hash;  // hash_token()
  CodeKind kind = CodeKind::sign_in;
  std::string account_id;          // of password and sign_in
  std::string name = {};           // of confirmation: the account that is to be made,
  std::string password_hash = {};  // and how its owner signs in
  base::UnixSeconds expires_at = 0;
  bool operator==(Code const&) const = default;
};

// 43 characters that fit into a URL and a cookie.
base::Secret new_token();
// 32 bytes. The token is too long to be guessed, hence the hash is not slow.
std::string hash_token(std::string_view token);

}  // namespace accounts
