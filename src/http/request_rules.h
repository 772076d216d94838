// HTTP's rules for a request's head beyond its syntax (RFC 9112, 3.2 and 6.3). Pure.
#pragma once

#include "http/message.h"

#include <string_view>

namespace http {

// Brings the target into its origin form. Error{bad_input} if the host, the path or the request's
// end is in doubt: a server that guesses otherwise than a proxy in front lets requests be smuggled
// past it.
void check_request(Request& request, bool is_http_1_0);

// Whether a text can be a host in a link: a name or an address, and a port; or empty.
bool is_host(std::string_view text);

}  // namespace http
