// The bodies of POST /api/zips and POST /api/streams: the fields of docs/reference/native-api.md,
// checked and made an archive::Request. Pure.
#pragma once

#include "api/request/json_object.h"
#include "api/request/zip_request.h"

#include <string>

namespace api {

enum class NativeKind { zip, stream };

struct NativeRequest {
  ZipRequest zip;               // a zip's target_key is empty if the request names none
  std::string idempotency_key;  // may be empty
};

// Error{bad_input} that names the field by its path, {forbidden} for a bucket that is not allowed.
NativeRequest parse_native_request(JsonObject const& body, NativeKind kind,
                                   ZipRequestRules const& rules);

// A key that a client makes up so that a repeated request is not done twice. Error{bad_input}.
std::string checked_idempotency_key(std::string_view field, std::string key);

}  // namespace api
