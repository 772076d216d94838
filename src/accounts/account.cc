#include "accounts/account.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace accounts {
namespace {

void check_name(std::string_view name) {
  bool const usable = !name.empty() && base::trim(name) == name && base::is_utf8(name) &&
                      std::none_of(name.begin(), name.end(), base::is_control);
  if (!usable) {
    throw base::Error(base::Fault::bad_input,
                      "name: an account's name is printable UTF-8 text, not empty, with no space "
                      "at its ends");
  }
  if (name.size() > base::limits::max_account_name_bytes) {
    throw base::Error(base::Fault::bad_input,
                      fmt::format("name: {} bytes; an account's name has at most {}", name.size(),
                                  base::limits::max_account_name_bytes));
  }
}

base::Secret new_secret() {
  return base::Secret(base::random_text(user_secret_characters));
}

}  // namespace

NewAccount create_account(std::string_view name, Keys const& keys, base::UnixSeconds now) {
  check_name(name);
  base::Secret secret = new_secret();
  Account account{.id = base::random_uuid(),
                  .name = std::string(name),
                  .user_key = base::random_text(user_key_characters),
                  .secret_hash = keys.hash_secret(secret.reveal()),
                  .key_generation = 1,
                  .disabled = false,
                  .created_at = now,
                  .hashed_by = keys.fingerprint()};
  return {std::move(account), std::move(secret)};
}

base::Secret rotate_keys(Account& account, Keys const& keys) {
  base::Secret secret = new_secret();
  account.secret_hash = keys.hash_secret(secret.reveal());
  account.hashed_by = keys.fingerprint();
  account.key_generation += 1;
  return secret;
}

bool verify_secret(std::optional<Account> const& account, std::string_view secret,
                   Keys const& keys) {
  static std::string const nobody(std::tuple_size_v<base::Blake2b>, '\0');
  bool const matches = keys.secret_matches(secret, account ? account->secret_hash : nobody);
  return matches && account && !account->disabled;
}

}  // namespace accounts
