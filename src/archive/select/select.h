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

// Where a listing that has no end, or a wrong path, is stopped: while it lists.
struct SelectionBounds {
  std::size_t entries = base::limits::max_entries;
  std::uint64_t objects_seen = base::limits::max_objects_seen;  // taken or left out
};

// Runs on the store's loop; counts what it finds in `progress`, which is borrowed. Throws
// Error{not_found} that names what matches nothing (unless on_missing is skip), and where nothing
// matched at all; {too_large} past the bounds.
net::task<Selection> select(std::shared_ptr<s3::ObjectStore> store, Request request,
                            LiveProgress& progress, SelectionBounds bounds = {});

}  // namespace archive
