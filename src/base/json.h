// Foreign JSON as boost::json values. The parser's remains of the text on the stack, which may be
// secrets, are erased.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json/value.hpp>

namespace base {

// Error{bad_input} that begins with `what` ("the body") if the text is no JSON, or is nested deeper
// than limits::max_json_depth.
boost::json::value parse_json(std::string_view text, std::string_view what);
// The same, but nullopt for such a text.
std::optional<boost::json::value> try_parse_json(std::string_view text);

}  // namespace base
