// The bucket and key that a request is for: path style (/bucket/key) and virtual-host style (Host:
// bucket.s3.localhost or bucket.localhost). Pure.
#pragma once

#include "http/message.h"

#include <string>

namespace sandbox {

struct RequestTarget {
  std::string bucket;  // empty: the service
  std::string key;     // empty: the bucket
};
// Throws InvalidURI, KeyTooLongError.
RequestTarget request_target(http::Request const& request);

}  // namespace sandbox
