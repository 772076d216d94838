#include "api/request/kept_credentials.h"

#include "aws/endpoint.h"
#include "base/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace api {

using base::Error;
using base::Fault;

namespace {

aws::Endpoint endpoint_of(std::string const& url, ZipRequestRules const& rules) {
  std::string const& meant = url.empty() ? rules.default_endpoint : url;
  return meant.empty() ? aws::aws_endpoint("") : aws::custom_endpoint(meant);
}

// AWS has an address in each region.
bool is_same_store(aws::Endpoint const& one, aws::Endpoint const& other) {
  return (one.regional && other.regional) || aws::to_url(one) == aws::to_url(other);
}

}  // namespace

ZipRequestRules rules_with(ZipRequestRules rules,
                           std::optional<store::UnsealedCredentials> const& kept) {
  rules.own_credentials |= kept.has_value();
  return rules;
}

void use_kept(archive::Request& request, aws::Credentials& credentials,
              std::optional<store::UnsealedCredentials> const& kept, ZipRequestRules const& rules,
              std::string_view endpoint_field) {
  if (!kept || !credentials.access_key.empty()) return;
  aws::Endpoint const store = endpoint_of(kept->endpoint, rules);
  if (request.endpoint.empty()) {
    request.endpoint = kept->endpoint;
  } else if (!is_same_store(endpoint_of(request.endpoint, rules), store)) {
    throw Error(Fault::bad_input,
                fmt::format("{}: the credentials that the account keeps here are for {}",
                            endpoint_field, aws::to_url(store)));
  }
  if (request.region.empty()) request.region = kept->region;
  std::vector<std::string> const& allowed = kept->credentials.allowed_buckets;
  bool const may = allowed.empty() || request.bucket.empty() ||
                   std::ranges::find(allowed, request.bucket) != allowed.end();
  if (!may)
    throw Error(Fault::forbidden,
                fmt::format("the credentials that the account keeps here are not for the bucket {}",
                            request.bucket));
  credentials = kept->credentials;
}

}  // namespace api
