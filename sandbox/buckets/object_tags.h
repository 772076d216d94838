// Tags of objects: they come in the header x-amz-tagging, written like a query, and are kept in
// that form. Pure.
#pragma once

#include "http/forms.h"
#include "http/message.h"

#include <optional>
#include <string_view>
#include <vector>

namespace sandbox {

inline constexpr std::string_view tagging_header = "x-amz-tagging";

// The tags that a request gives its object, as a header line of the object; nullopt: none. Throws
// InvalidArgument, InvalidTag, BadRequest.
std::optional<http::Field> stored_tags(http::Headers const& request);
std::vector<http::Field> tags_of(std::vector<http::Field> const& headers);

}  // namespace sandbox
