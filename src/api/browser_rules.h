// The header lines for browsers in every answer of the server, errors included.
#pragma once

#include "http/message.h"

namespace api {

// `tls`: the answer goes out by https, and so shall all that follow (RFC 6797).
http::Headers browser_rules(bool tls);

}  // namespace api
