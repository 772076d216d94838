// The field "target" of the native API's JSON body: where the zip goes, and how it is stored there.
// Pure.
#pragma once

#include "api/request/json_object.h"
#include "archive/request.h"

namespace api {

// Error{bad_input} that names the field.
void parse_target(JsonObject const& body, archive::Request& request);

}  // namespace api
