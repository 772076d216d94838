// The calls that begin something: gentoken, zipstart, streamzip.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> gentoken(Service const& service, http::Exchange& exchange);
net::task<void> zipstart(Service const& service, int api_version, http::Exchange& exchange);
net::task<void> streamzip(Service const& service, int api_version, http::Exchange& exchange);

}  // namespace api
