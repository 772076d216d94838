// JSON that others sent, as boost::json values.
#pragma once

#include <string_view>

#include <boost/json/value.hpp>

namespace base {

// Error{bad_input} that begins with `what` ("the body") for what is no JSON, or nested deeper than
// limits::max_json_depth. What the parser left of the text on the stack is erased.
boost::json::value parse_json(std::string_view text, std::string_view what);

}  // namespace base
