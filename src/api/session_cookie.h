// The cookie by which a browser keeps its session. Script does not see it. Behind https its name
// begins with "__Host-", so that no other host of the domain can set it (RFC 6265bis, 4.1.3.2).
#pragma once

#include "api/service.h"
#include "base/secret.h"

namespace api {

// The session's token in the request; empty if it has none.
base::Secret session_token(Service const& service, http::Exchange& exchange);

// Adds the line to the answer that has the browser keep the token, or forget it.
void promise_session_cookie(Service const& service, http::Exchange& exchange,
                            base::Secret const& token);
void promise_no_session_cookie(Service const& service, http::Exchange& exchange);

}  // namespace api
