// Text of strangers (names in a zip or a bucket, a store's words) as a terminal may get it: what
// moves the cursor, changes colours or turns the reading direction around is shown as an escape.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace base {

// Control characters (of ASCII "\x1B", of Latin-1 "\u009B"), those that set the reading direction
// and ends of lines or paragraphs ("\u202E") are escaped; what is no UTF-8 is U+FFFD.
std::string visible(std::string_view text);
// The same of a serialized JSON text, in which they stand in strings only: it keeps its meaning.
std::string visible_json(std::string_view json);

}  // namespace base
