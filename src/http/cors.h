// Requests that pages of other origins make from a browser (CORS, in the Fetch standard, 3.2):
// which pages may, and what of the answers they see.
#pragma once

#include "http/server.h"

#include <span>
#include <string>
#include <vector>

namespace http {

// Answers preflights of `origins`, adds what browsers need to all other answers, and leaves these
// to `handler`. Origins are "https://www.example.com", in lower case; "*" is any; none changes
// nothing.
http::Handler with_cors(std::vector<std::string> origins, http::Handler handler);

// The question whether a request may be made.
bool is_preflight(http::Request const& request);
// The lines of CORS that the answer to a request carries.
http::Headers cors_headers(std::span<std::string const> origins, http::Request const& request);

}  // namespace http
