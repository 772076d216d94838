// Bodies and queries made of fields: application/x-www-form-urlencoded and multipart/form-data
// (RFC 7578). Pure; order and repeated names are kept.
#pragma once

#include "http/field.h"

#include <string>
#include <string_view>
#include <vector>

namespace http {

// Parses "a=1&b=x%20y", with '+' as a space. Throws Error{bad_input} for a broken escape,
// {too_large} over limits::max_form_fields.
std::vector<Field> parse_urlencoded(std::string_view text);

// `content_type` is the header's value, which names the boundary. Files come as fields with their
// content. Throws Error{bad_input} if the body does not have this form.
std::vector<Field> parse_multipart(std::string_view content_type, std::string_view body);

// The media type of a Content-Type value, lower case, without parameters.
std::string media_type(std::string_view content_type);

}  // namespace http
