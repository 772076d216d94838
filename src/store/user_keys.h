// The keys of accounts as the store keeps them, and the AWS credentials that an account keeps here.
#pragma once

#include "accounts/account.h"
#include "accounts/user_key.h"
#include "base/clock.h"
#include "net/task.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

// AWS credentials that an account keeps here, for requests that bring none; and the userSecret of
// one of its keys, by which links that its applications sign are checked.
struct KeptCredentials {
  std::string account_id;
  std::string user_key = {};       // the key that came with them; empty: none
  int key_generation = 0;          // its secret's
  std::string sealed_credentials;  // opaque
  std::string sealed_secret = {};  // opaque; empty if no key came, or its secret has ended since
  base::UnixSeconds kept_at = 0;
  bool operator==(KeptCredentials const&) const = default;
};

struct KeyOfAccount {
  accounts::UserKey key;
  accounts::Account account;
};

class UserKeys {
 public:
  virtual ~UserKeys() = default;

  // Error{conflict} if the userKey is another's, the account is not active, or it has
  // limits::max_user_keys already.
  virtual net::task<void> insert(accounts::UserKey key) = 0;
  virtual net::task<std::optional<KeyOfAccount>> find(std::string user_key) = 0;
  virtual net::task<std::vector<accounts::UserKey>> list(
      std::string account_id) = 0;  // oldest first
  virtual net::task<bool> rename(std::string user_key, std::string name) = 0;
  // Stores the new secret's hash, its end and its generation, and the former secret, if the
  // generation before is still in use and the account is active; else false. A secret that ends now
  // is erased among the kept credentials, ends the links that it signed, and raises the account's
  // generation.
  virtual net::task<bool> rotate(accounts::UserKey key) = 0;
  // Deletes the key; its secret ends as by rotate(). False for an unknown one.
  virtual net::task<bool> revoke(std::string user_key) = 0;
  virtual net::task<void> note_use(std::string user_key, std::string address,
                                   base::UnixSeconds now) = 0;

  // Replaces the credentials kept before. Error{conflict} unless the account is active and the key,
  // if one is named, is its own and has this generation.
  virtual net::task<void> keep(KeptCredentials kept) = 0;
  virtual net::task<std::optional<KeptCredentials>> find_kept(std::string account_id) = 0;
  virtual net::task<bool> erase_kept(std::string account_id) = 0;  // false: there were none
};

}  // namespace store
