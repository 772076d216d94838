// What HTTP asks of a request's head beyond its syntax (RFC 9112, 3.2 and 6.3). Pure.
#pragma once

#include "http/message.h"

namespace http {

// Brings the target into its origin form. Error{bad_input} where it is not certain which host and
// path are meant or where the request ends: who guesses otherwise than a proxy in front lets
// requests be smuggled past it.
void check_request(Request& request, bool is_http_1_0);

}  // namespace http
