#include "api/request/s3_fields.h"

namespace api {
namespace {

aws::Credentials read_credentials(JsonObject const& object) {
  auto const text = [&](char const* name, bool required) {
    std::string value = object.text(name);
    if (value.empty() && required) refuse_field(object.path_of(name), "is required");
    check_header_text(object.path_of(name), value);
    return value;
  };
  aws::Credentials credentials;
  credentials.access_key = text("accessKeyId", true);
  credentials.secret_key = base::Secret(text("secretAccessKey", true));
  credentials.session_token = base::Secret(text("sessionToken", false));
  object.check_all_known();
  return credentials;
}

}  // namespace

aws::Credentials read_credentials_field(JsonObject const& body) {
  auto const credentials = body.object("credentials");
  return credentials ? read_credentials(*credentials) : aws::Credentials();
}

S3Fields read_s3_fields(JsonObject const& body, ZipRequestRules const& rules) {
  S3Fields fields;
  fields.credentials = read_credentials_field(body);
  fields.endpoint = checked_endpoint("endpoint", body.text("endpoint"), rules);
  fields.region = checked_region("region", body.text("region"), fields.endpoint, rules);
  return fields;
}

}  // namespace api
