// Passwords of people: stored as Argon2id hashes (libsodium's crypto_pwhash, interactive limits),
// which name their own parameters. A hash takes 64 MiB and some 0.1 s on purpose: callers run few
// at a time, off the loops.
#pragma once

#include "base/secret.h"

#include <string>

namespace accounts {

inline constexpr std::size_t least_password_characters = 10;
inline constexpr std::size_t most_password_bytes = 256;

// Error{bad_input} that names `field`, for one that is too short or too long. No other rule: people
// answer rules about digits and signs with passwords that are easy to guess.
void check_password(std::string_view field, base::Secret const& password);

// std::bad_alloc if there is no memory for it.
std::string hash_password(base::Secret const& password);
// False for an empty hash too, which costs the same time: it does not tell which accounts have a
// password.
bool password_matches(base::Secret const& password, std::string const& hash);

}  // namespace accounts
