// Foreign text (names in a zip or a bucket, a store's words) made safe for a terminal: characters
// that move the cursor, change colours or turn the reading direction around are shown as escapes.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace base {

// Escapes control characters (of ASCII "\x1B", of Latin-1 "\u009B"), those that set the reading
// direction, and ends of lines or paragraphs ("\u202E"); invalid UTF-8 becomes U+FFFD.
std::string visible(std::string_view text);
// The same for a serialized JSON text, in which they stand in strings only: it keeps its meaning.
std::string visible_json(std::string_view json);

}  // namespace base
