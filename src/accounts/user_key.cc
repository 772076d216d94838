#include "accounts/user_key.h"

#include "accounts/account.h"
#include "base/digest.h"
#include "base/random.h"

#include <tuple>

namespace accounts {
namespace {

constexpr std::size_t shown_characters = 4;

base::Secret give_secret(UserKey& key, Keys const& keys) {
  base::Secret secret(base::random_text(user_secret_characters));
  key.secret_hash = keys.hash_secret(secret.reveal());
  key.hashed_by = keys.fingerprint();
  key.secret_end = secret.reveal().substr(user_secret_characters - shown_characters);
  return secret;
}

}  // namespace

NewUserKey new_user_key(std::string_view account_id, std::string_view name, Keys const& keys,
                        base::UnixSeconds now) {
  check_name("name", name);
  NewUserKey made;
  made.key.user_key = base::random_text(user_key_characters);
  made.key.account_id = account_id;
  made.key.name = name;
  made.key.created_at = now;
  made.secret = give_secret(made.key, keys);
  return made;
}

base::Secret renew_secret(UserKey& key, std::chrono::seconds overlap, Keys const& keys,
                          base::UnixSeconds now) {
  bool const overlaps = overlap.count() > 0;
  key.former_hash = overlaps ? key.secret_hash : std::string();
  key.former_hashed_by = overlaps ? key.hashed_by : std::string();
  key.former_until = overlaps ? now + overlap.count() : 0;
  key.generation += 1;
  return give_secret(key, keys);
}

std::optional<int> match_secret(std::optional<UserKey> const& key, std::string_view secret,
                                Keys const& keys, base::UnixSeconds now) {
  std::string const nobody(std::tuple_size_v<base::Blake2b>, '\0');
  bool const has_former = key && now < key->former_until;
  bool const is_present = keys.secret_matches(secret, key ? key->secret_hash : nobody);
  bool const is_former = keys.secret_matches(secret, has_former ? key->former_hash : nobody);
  if (key && is_present) return key->generation;
  if (has_former && is_former) return key->generation - 1;
  return std::nullopt;
}

bool is_current(UserKey const& key, int generation, base::UnixSeconds now) {
  return generation == key.generation ||
         (now < key.former_until && generation == key.generation - 1);
}

}  // namespace accounts
