// Bodies of up to limits::max_request_body_bytes, of which many may come at once: each waits until
// there is memory for it, and for what is made of it.
#pragma once

#include "api/service.h"

namespace api {

struct LargeBody {
  base::Secret text;
  base::Budget::Grant memory;  // for the text and what is parsed of it; held until that is stored
};

// The account's requests for memory go round with those of others. Error{unavailable} if there is
// none in limits::body_memory_wait; {timeout} for a body that does not come in limits::body_time;
// {too_large} past the limit.
net::task<LargeBody> read_large_body(Service const& service, http::Exchange& exchange,
                                     std::string account_id);

}  // namespace api
