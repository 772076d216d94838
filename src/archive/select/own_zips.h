// Earlier zips of the same sources: they lie in the folder that is zipped, and would double with
// each run. A zip says in its metadata what it was made of, and so is known wherever it lies and
// whatever it is called. Pure.
#pragma once

#include "archive/request.h"

#include <string>
#include <string_view>

namespace archive {

// The metadata that marks an object as the output of a job,
inline constexpr std::string_view job_metadata = "s3zipper-job";
// and the one that tells what it is made of: sources_digest().
inline constexpr std::string_view sources_metadata = "s3zipper-sources";

// 32 hex digits over the sources (buckets, keys and folders, versions, a manifest's place) and the
// rules. They are the same for the same things however a call names them: in any order, with or
// without a folder's slash. Only a look at the object store would tell whether a path of filePaths
// is in another bucket than the request's; it counts as written.
std::string sources_digest(Request const& request);

// Whether an object of this key may be an own zip, by its name alone.
bool may_be_own_zip(std::string_view key);

}  // namespace archive
