// Checks that a listing is sound: each page continues where the one before ended, in ascending
// order, each key once and below the prefix, and the listing ends only where it says so. Otherwise
// zips would have entries twice, or a worker would never end. Pure.
#pragma once

#include "s3/messages/replies.h"
#include "s3/messages/requests.h"

#include <string_view>

namespace s3 {

// Throws Error{corrupt} that names the bucket and the prefix. `options` are those of the page's
// request; so_far of the page then says where the next one must continue.
void check_page(ListPage& page, ListOptions const& options, std::string_view bucket);

}  // namespace s3
