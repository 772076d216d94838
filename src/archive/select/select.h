// Finds the objects that a request's paths, sources and manifest stand for: files by HeadObject,
// folders by listing (lookup.h).
#pragma once

#include "archive/progress.h"
#include "archive/request.h"
#include "archive/selection.h"
#include "base/limits.h"
#include "s3/store.h"

#include <memory>

namespace archive {

// Bounds that stop a listing which has no end, or of a wrong path, while it lists.
struct SelectionBounds {
  std::size_t entries = base::limits::max_entries;
  std::uint64_t objects_seen = base::limits::max_objects_seen;  // taken or left out
};

// Runs on the object store's loop; counts what it finds in `progress`, which is borrowed. Throws
// Error{not_found}, which names a source that matches nothing (unless on_missing is skip), also if
// nothing matched at all; {too_large} past the bounds.
net::task<Selection> select(std::shared_ptr<s3::ObjectStore> store, Request request,
                            LiveProgress& progress, SelectionBounds bounds = {});

}  // namespace archive
