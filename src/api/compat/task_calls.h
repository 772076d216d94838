// The calls that ask how a task goes: zipstate answers at once, and so does status, which servers
// without accounts have; zipresult answers when the task has ended.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> zipstate(Service const& service, http::Exchange& exchange);
net::task<void> zip_status(Service const& service, http::Exchange& exchange);
net::task<void> zipresult(Service const& service, http::Exchange& exchange);

}  // namespace api
