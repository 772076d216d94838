// The fields of the native API's JSON body that pick what goes into the zip: "sources", "manifest",
// "requestPayer", and the "report" on it. Pure.
#pragma once

#include "api/request/json_object.h"
#include "api/request/zip_request.h"

namespace api {

// Fills a request whose bucket is known. Error{bad_input} that names the field, {forbidden} for a
// bucket that is not allowed.
void parse_source_fields(JsonObject const& body, ZipRequestRules const& rules,
                         archive::Request& request);

// Error{bad_input} for a text that is longer than any key.
void check_key(std::string_view path, std::string_view key);

}  // namespace api
