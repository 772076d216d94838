// The answers on plain HTTP if the API speaks https: browsers that look for a page or follow a link
// are sent there, a program that calls the API is told to go there. It would have sent its secrets
// in the open by then, and clients take redirects of a POST for something else.
#pragma once

#include "http/server.h"

#include <string>

namespace api {

// Answers every request. It leads to `public_url`, else to the request's host with `port`.
http::Handler redirect_to_https(std::string public_url, std::uint16_t port);

// The https address of a request's target. `public_url` counts if it begins with https://.
// Error{bad_input} if the request names no host.
std::string https_url(http::Request const& request, std::string_view public_url,
                      std::uint16_t port);

}  // namespace api
