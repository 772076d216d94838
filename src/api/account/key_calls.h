// Calls on the keys of the caller's account. Each needs a session, or the secret of the key that
// the token was given for.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> list_keys(Service const& service, http::Exchange& exchange);
net::task<void> create_key(Service const& service, http::Exchange& exchange);
net::task<void> rename_key(Service const& service, http::Exchange& exchange);
net::task<void> rotate_key(Service const& service, http::Exchange& exchange);
net::task<void> revoke_key(Service const& service, http::Exchange& exchange);

}  // namespace api
