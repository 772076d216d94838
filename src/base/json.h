// JSON that others sent, as boost::json values. What the parser left of the text on the stack,
// which may be secrets, is erased.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json/value.hpp>

namespace base {

// Error{bad_input} that begins with `what` ("the body") for what is no JSON, or nested deeper than
// limits::max_json_depth.
boost::json::value parse_json(std::string_view text, std::string_view what);
// nullopt for such a text.
std::optional<boost::json::value> try_parse_json(std::string_view text);

}  // namespace base
