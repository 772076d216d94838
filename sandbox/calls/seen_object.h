// An object as a request sees it: as it is, or as the faults file has it.
#pragma once

#include "sandbox/buckets/call.h"

#include <string>

namespace sandbox {

// The object at a key, opened; throws NoSuchKey, AccessDenied where the bucket may not be listed,
// and InvalidObjectState where the call reads what is archived. Blocks.
Opened open_object(Call const& call, std::string const& bucket, std::string const& key);
// As the call's listing tells it.
ObjectPointer listed_object(Call const& call, std::string const& key, ObjectPointer object);

}  // namespace sandbox
