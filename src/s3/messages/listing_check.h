// That a listing is what listings are: each page goes on where the one before ended, in ascending
// order, each key once and below the prefix, and it ends only where it says so. A store that lists
// otherwise would make zips with entries twice, or hold a worker for ever. Pure.
#pragma once

#include "s3/messages/replies.h"
#include "s3/messages/requests.h"

#include <string_view>

namespace s3 {

// Throws Error{corrupt} that names the bucket and the prefix. `options` are those that the page was
// asked for with; the page then knows what a next one must go on from.
void check_page(ListPage& page, ListOptions const& options, std::string_view bucket);

}  // namespace s3
