// What quirks do to calls before they are answered, or in place of the answer. What they do to the
// way in which an answer is written is quirky_answer.h's.
#pragma once

#include "base/error.h"
#include "sandbox/buckets/call.h"

namespace sandbox {

// True where the bucket is told to be elsewhere.
net::task<bool> answer_by_redirect(Call& call);
// True where an object that is stored compressed was sent as what it unpacks to.
net::task<bool> answer_unpacked(Call& call, Opened const& opened);
// Throws InvalidRequest where the bucket takes no body without a checksum.
net::task<void> check_checksum_is_sent(Call& call);

// The page that ListObjectsV2 tells. Blocks.
ListPage quirky_page(Call const& call, ListQuery query);
// How many items any page holds at most.
std::uint64_t page_items(Call const& call, std::uint64_t wanted);

// Whether of what is missing it is told that a delete marker is there.
bool is_delete_marker(Wire const& wire, base::Error const& error);
// INTELLIGENT_TIERING's, which moves objects to its archive by itself.
bool is_archived_tier(Call const& call, Object const& object);

}  // namespace sandbox
