// The credentials that an account keeps at the server, opened, with the endpoint and the buckets
// that they are for. They serve its requests that bring none, and the links that its applications
// sign.
#pragma once

#include "accounts/keys.h"
#include "aws/credentials.h"
#include "base/secret.h"
#include "store/records/link.h"
#include "store/user_keys.h"

#include <optional>
#include <string>

namespace store {

struct UnsealedCredentials {
  aws::Credentials credentials;  // with the buckets that they are for
  std::string endpoint;          // URL; empty: the server's default
  std::string region;            // may be empty
  base::Secret user_secret;   // of one of the account's keys; empty if none came, or it has ended
  std::string user_key = {};  // that key,
  int key_generation = 0;     // and the generation of the secret
};

KeptCredentials seal_kept(accounts::Keys const& keys, std::string const& account_id,
                          UnsealedCredentials const& kept, base::UnixSeconds now);
UnsealedCredentials open_kept(accounts::Keys const& keys, KeptCredentials const& sealed);

// nullopt if the account keeps none.
net::task<std::optional<UnsealedCredentials>> find_kept(UserKeys& user_keys,
                                                        accounts::Keys const& keys,
                                                        std::string account_id);

// The credentials that sign a link's reads: its own, or those that its account keeps. Error{gone}
// if there are none any more.
net::task<aws::Credentials> credentials_of(UserKeys& user_keys, accounts::Keys const& keys,
                                           Link const& link);

}  // namespace store
