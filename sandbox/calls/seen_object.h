// An object as a request sees it: as it is, or as the faults file changes it.
#pragma once

#include "sandbox/buckets/call.h"

#include <string>

namespace sandbox {

// Opens the object at a key. Throws NoSuchKey, AccessDenied where the bucket may not be listed, and
// InvalidObjectState where the call reads an archived object. Blocks.
Opened open_object(Call const& call, std::string const& bucket, std::string const& key);
// The object as the call's listing tells it.
ObjectPointer listed_object(Call const& call, std::string const& key, ObjectPointer object);

}  // namespace sandbox
