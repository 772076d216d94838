// POST /api/streams?download=1: one call that answers the zip itself, for programs and for forms in
// browsers.
#pragma once

#include "api/service.h"

#include <string>
#include <string_view>

namespace api {

// Whether this is the one that is asked for. Error{bad_input} for another value of download.
bool asks_for_download(http::Request const& request);

net::task<void> download_at_once(Service const& service, http::Exchange& exchange);

// Whether people will read an answer that is an error: the request is a form, sent by a browser.
bool is_form_of_browser(http::Request const& request);
// That answer: a short page.
std::string error_html(std::string_view message);

}  // namespace api
