// The caller of a request: a program with a token, or a browser with a session.
#pragma once

#include "api/service.h"
#include "base/secret.h"

#include <optional>
#include <string>

namespace api {

struct Caller {
  accounts::Account account;
  std::optional<accounts::UserKey> key;      // the one that the token was given for
  std::optional<accounts::Session> session;  // the browser's
};

// Errors as authorize().
net::task<Caller> identify(Service const& service, http::Exchange& exchange);

// The caller's address as people are told it: behind a proxy that does not tell, the proxy's.
std::string shown_address(Service const& service, http::Exchange& exchange);

// Notes that the key is in use, now and then. A note that cannot be stored is lost: it holds up no
// call.
net::task<void> note_key_use(Service const& service, http::Exchange& exchange,
                             accounts::UserKey const& key);

// A request that changes something must come from a page of this server. Browsers let no other page
// send the header that is asked for. Error{forbidden}.
void check_comes_from_own_page(Service const& service, http::Exchange& exchange);

// The caller, who must be signed in to a page or know the secret of the key that its token was
// given for: a token for a day must not give a client the account for good. Error{forbidden}.
net::task<Caller> identify_owner(Service const& service, http::Exchange& exchange,
                                 base::Secret user_secret);
// The caller, whose account must administrate the server; to change something it must be signed in.
// Error{forbidden}.
net::task<Caller> identify_admin(Service const& service, http::Exchange& exchange);

}  // namespace api
