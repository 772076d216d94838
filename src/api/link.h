// The stream link: GET answers the archive while it is being made, from any offset. The link is the
// secret; it names the stream and a signature that only this server's key makes.
#pragma once

#include "api/service.h"

namespace api {

// <base>/stream/<uuid>/<signature>/<file name>
std::string link_url(Service const& service, http::Request const& request,
                     jobs::Stream const& stream);

// Answers GET and HEAD, with conditions, and ranges of GET: one or several.
net::task<void> download(Service const& service, http::Exchange& exchange);

// `attachment` with both forms of the name (RFC 6266): an ASCII one for old clients, and UTF-8.
std::string content_disposition(std::string_view file_name);

}  // namespace api
