// Access rules of the buckets, from the faults file: listing, and calls whose sender does not agree
// to pay. Errors are S3's.
#pragma once

#include "sandbox/buckets/call.h"

#include <string>

namespace sandbox {

BucketRule const& rule_of(Call const& call, std::string const& bucket);

// Throws AccessDenied where the bucket does not allow the call.
void check_access(Call const& call);
// The same check for the bucket that a copy reads from.
void check_payer(Call const& call, std::string const& bucket);

// NoSuchKey; or AccessDenied, as S3 does not tell a caller who may not list that a key is missing.
base::Error missing_key(Call const& call, std::string const& bucket);

}  // namespace sandbox
