// Checks whether a client knows the secret of a userKey, or a password; many tries are slowed down.
#pragma once

#include "api/service.h"
#include "base/secret.h"

#include <optional>
#include <string>

namespace api {

struct ProvenKey {
  accounts::UserKey key;
  accounts::Account account;
  int generation = 0;  // of the secret
};

// The key with this userKey and userSecret, if its account stands; nullopt if one of them is wrong.
// Error{throttled} after too many wrong ones.
net::task<std::optional<ProvenKey>> check_secret(Service const& service, http::Exchange& exchange,
                                                 std::string user_key, base::Secret user_secret);

// The account with this name and password, likewise.
net::task<std::optional<accounts::Account>> check_password(Service const& service,
                                                           http::Exchange& exchange,
                                                           std::string name, base::Secret password);

// Calls that anybody may make, and that cost us or others something, are counted as failures of
// `what`. Error{throttled} after too many of them.
void check_not_too_many(Service const& service, http::Exchange& exchange, std::string const& what);
void count_call(Service const& service, http::Exchange& exchange, std::string const& what);

}  // namespace api
