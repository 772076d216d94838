// The credentials that an account keeps at the server, opened, with the endpoint and the buckets
// that they are for. They serve its requests that bring none, and the links that its applications
// sign.
#pragma once

#include "accounts/keys.h"
#include "aws/credentials.h"
#include "base/secret.h"
#include "store/accounts.h"
#include "store/records/link.h"

#include <optional>
#include <string>

namespace store {

struct UnsealedCredentials {
  aws::Credentials credentials;  // with the buckets that they are for
  std::string endpoint;          // URL; empty: the server's default
  std::string region;            // may be empty
  base::Secret user_secret;      // empty if the account's keys were rotated since
};

KeptCredentials seal_kept(accounts::Keys const& keys, accounts::Account const& account,
                          UnsealedCredentials const& kept, base::UnixSeconds now);
UnsealedCredentials open_kept(accounts::Keys const& keys, KeptCredentials const& sealed);

// nullopt if the account keeps none.
net::task<std::optional<UnsealedCredentials>> find_kept(Accounts& accounts,
                                                        accounts::Keys const& keys,
                                                        std::string account_id);

// The credentials that sign a link's reads: its own, or those that its account keeps. Error{gone}
// if there are none any more.
net::task<aws::Credentials> credentials_of(Accounts& accounts, accounts::Keys const& keys,
                                           Link const& link);

}  // namespace store
