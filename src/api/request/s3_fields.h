// The fields of the native API's JSON body about the object store: "credentials", "endpoint" and
// "region". Pure.
#pragma once

#include "api/request/json_object.h"
#include "api/request/zip_request.h"
#include "aws/credentials.h"

#include <string>

namespace api {

struct S3Fields {
  aws::Credentials credentials;  // empty if the body has none
  std::string endpoint;          // empty: the default
  std::string region;
};

// Error{bad_input} that names the field, also from the next function.
aws::Credentials read_credentials_field(JsonObject const& body);
S3Fields read_s3_fields(JsonObject const& body, ZipRequestRules const& rules);

}  // namespace api
