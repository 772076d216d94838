// The native API's look into an object store: its buckets, and the folders and objects in one. It
// uses the credentials that the account keeps here or, with POST /api/browse, the request's.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> get_buckets(Service const& service, http::Exchange& exchange);
// The bucket is the path's parameter "bucket".
net::task<void> get_objects(Service const& service, http::Exchange& exchange);
// Does both, as the JSON body asks.
net::task<void> browse(Service const& service, http::Exchange& exchange);

}  // namespace api
