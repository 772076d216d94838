// The site for people in browsers: which paths are pages, and how they are sent. They stand behind
// the API's routes.
#pragma once

#include "api/service.h"
#include "http/router.h"
#include "site/bundle.h"

#include <vector>

namespace site {

struct Pages {
  std::vector<http::Route> routes;
  http::Handler otherwise;  // for paths that no route fits
};

// `service` and `bundle` are borrowed, and outlive the handlers. Of an empty bundle: one page,
// which says that the server was built without the site.
Pages pages(api::Service const& service, Bundle const& bundle);

}  // namespace site
