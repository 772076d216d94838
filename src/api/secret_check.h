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

// Counts a call that anybody may make, and that costs us or others something, as a failure of
// `what`. Error{throttled} after too many.
void slow_down(Service const& service, http::Exchange& exchange, std::string const& what);

}  // namespace api
