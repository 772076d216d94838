// Checks whether a client knows an account's userSecret; many tries are slowed down.
#pragma once

#include "api/service.h"
#include "base/secret.h"

#include <optional>
#include <string>

namespace api {

// The account with this userKey and userSecret; nullopt if one of them is wrong. Error{throttled}
// after too many wrong ones.
net::task<std::optional<accounts::Account>> check_secret(Service const& service,
                                                         http::Exchange& exchange,
                                                         std::string user_key,
                                                         base::Secret user_secret);

}  // namespace api
