// Quirks that act on calls before they are answered, or in place of the answer. quirky_answer.h has
// those that change how an answer is written.
#pragma once

#include "base/error.h"
#include "sandbox/buckets/call.h"

namespace sandbox {

// True if the answer was a redirect that says the bucket is elsewhere.
net::task<bool> answer_by_redirect(Call& call);
// True if the object is stored compressed and was sent unpacked.
net::task<bool> answer_unpacked(Call& call, Opened const& opened);
// Throws InvalidRequest if the bucket takes no body without a checksum.
net::task<void> check_checksum_is_sent(Call& call);

// The page that ListObjectsV2 answers. Blocks.
ListPage quirky_page(Call const& call, ListQuery query);
// The number of items that a page holds at most.
std::uint64_t page_items(Call const& call, std::uint64_t wanted);

// Whether the answer says that a delete marker stands in place of the missing object.
bool is_delete_marker(Wire const& wire, base::Error const& error);
// Whether the object is in an archive tier of INTELLIGENT_TIERING, which archives by itself.
bool is_archived_tier(Call const& call, Object const& object);

}  // namespace sandbox
