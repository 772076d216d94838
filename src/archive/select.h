// Finds the objects that a request's paths stand for: files by HeadObject, folders by listing.
#pragma once

#include "archive/progress.h"
#include "archive/request.h"
#include "archive/selection.h"
#include "s3/store.h"

#include <memory>

namespace archive {

// Runs on the store's loop; counts what it finds in `progress`, which is borrowed. Throws
// Error{not_found} that names a path which matches nothing (unless on_missing is skip), and where
// nothing matched at all.
net::task<Selection> select(std::shared_ptr<s3::ObjectStore> store, Request request,
                            Progress& progress);

// A path of a request, split: in which bucket it is looked for first, and as which key or prefix.
struct Place {
  std::string bucket;
  std::string key;  // empty: the whole bucket
  bool operator==(Place const&) const = default;
};
// In the request's bucket: without a leading slash, and without a first segment that is the
// bucket's name or "{{bucket}}".
Place place_of(std::string_view path, std::string_view bucket);
// With the first segment as the bucket; nullopt where that cannot be a bucket's name.
std::optional<Place> other_place_of(std::string_view path);

}  // namespace archive
