// Quirks that act on answers, wherever they come from: on the head and on an XML document. Pure.
#pragma once

#include "http/message.h"
#include "sandbox/faults/quirks.h"

#include <string>
#include <string_view>

namespace sandbox {

// Spells an answer's head as the quirks want it; `method` is the request's.
void spell_head(http::Response& head, Quirks const& quirks, std::string_view method);
// Gives every element of the document a prefix, if the quirks want it.
std::string spell_document(std::string document, Quirks const& quirks);
// The ETag as a listing spells it; `etag` has no quotes.
std::string listed_etag(std::string_view etag, Quirks const& quirks);

// Whether a condition of this If-Match can hold at all.
bool can_match(std::string_view if_match, Quirks const& quirks);

}  // namespace sandbox
