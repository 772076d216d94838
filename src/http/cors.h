// Requests that pages of other origins make from a browser (CORS, in the Fetch standard, 3.2): the
// pages that may make them, and the parts of the answers that they see.
#pragma once

#include "http/server.h"

#include <span>
#include <string>
#include <vector>

namespace http {

// Answers preflights of `origins`, and adds the lines that browsers need to the answers of
// `handler`. Origins are "https://www.example.com", in lower case; "*" is any; an empty list
// changes nothing.
http::Handler with_cors(std::vector<std::string> origins, http::Handler handler);

// True for a browser's question whether it may make a request.
bool is_preflight(http::Request const& request);
// The lines of CORS that the answer to a request carries.
http::Headers cors_headers(std::span<std::string const> origins, http::Request const& request);

}  // namespace http
