// The native API's look into a store: which buckets there are, and the folders and objects in one.
// By the credentials that the account keeps here, or, with POST /api/browse, by the request's.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> get_buckets(Service const& service, http::Exchange& exchange);
// Of the path's parameter "bucket".
net::task<void> get_objects(Service const& service, http::Exchange& exchange);
// Both, by a JSON body.
net::task<void> browse(Service const& service, http::Exchange& exchange);

}  // namespace api
