// What the buckets do not allow, by the faults file: listing, and calls whose sender does not say
// that he pays. Errors are S3's.
#pragma once

#include "sandbox/buckets/call.h"

#include <string>

namespace sandbox {

BucketRule const& rule_of(Call const& call, std::string const& bucket);

// Throws AccessDenied where the bucket does not allow the call.
void check_access(Call const& call);
// The same for the bucket that a copy reads from.
void check_payer(Call const& call, std::string const& bucket);

// NoSuchKey; or AccessDenied, as S3 tells who may not list a bucket not what is missing in it.
base::Error missing_key(Call const& call, std::string const& bucket);

}  // namespace sandbox
