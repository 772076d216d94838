// What those who were given a link may ask about it before they download: the page /shared/… of the
// site does. The link's URL is their right to know: <base>/stream/<target>/<signature>/<file name>
// becomes /api/shared/<target>/<signature>.
#pragma once

#include "api/files/contents_cache.h"
#include "api/service.h"

namespace api {

// GET /api/shared/{target}/{signature}
net::task<void> about_shared(Service const& service, http::Exchange& exchange);
// GET /api/shared/{target}/{signature}/files, with the query of the owner's list (file_page.h).
// Error{not_found} for the later archives of a link: the first one's list has the files of all.
net::task<void> list_shared_files(Service const& service, ContentsCache& cache,
                                  http::Exchange& exchange);

}  // namespace api
