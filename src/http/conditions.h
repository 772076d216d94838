// The conditions that a GET or HEAD may carry (RFC 9110, section 13), for the one representation of
// the resource. Pure.
#pragma once

#include "base/clock.h"
#include "http/message.h"

#include <optional>
#include <string_view>

namespace http {

// These name the representation's bytes: a strong ETag, with its quotes, and the time of its last
// change. The time is as strong as the ETag: the caller knows that the bytes never changed since.
struct Validators {
  std::string_view etag;
  base::UnixSeconds modified = 0;
};

// The status that answers a request whose condition does not hold, 412 or 304, by the order of
// section 13.2.2: If-Match, or else If-Unmodified-Since; If-None-Match, or else If-Modified-Since.
std::optional<int> failed_condition(Headers const& request, Validators const& current);

// Whether If-None-Match names these bytes: the client has them. For answers without a time.
bool has_already(Headers const& request, std::string_view etag);

// Whether to obey a Range: there is no If-Range, or it names these very bytes.
bool if_range_holds(Headers const& request, Validators const& current);

}  // namespace http
