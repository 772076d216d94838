// What quirks do to answers, wherever they come from: to the head and to an XML document. Pure.
#pragma once

#include "http/message.h"
#include "sandbox/faults/quirks.h"

#include <string>
#include <string_view>

namespace sandbox {

// How an answer's head is written to this request; `answers`: its method.
void spell_head(http::Response& head, Quirks const& quirks, std::string_view method);
// Every element of the document with a prefix, where the quirks want it.
std::string spell_document(std::string document, Quirks const& quirks);
// As a listing tells it: `etag` has no quotes.
std::string listed_etag(std::string_view etag, Quirks const& quirks);

// Whether a condition of this If-Match can hold at all.
bool can_match(std::string_view if_match, Quirks const& quirks);

}  // namespace sandbox
