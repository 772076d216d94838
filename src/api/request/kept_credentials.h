// Completes requests that bring no credentials, as their account keeps some at the server.
#pragma once

#include "api/request/zip_request.h"
#include "store/kept_credentials.h"

#include <optional>
#include <string_view>

namespace api {

// The rules for a request of an account that keeps these credentials.
ZipRequestRules rules_with(ZipRequestRules rules,
                           std::optional<store::UnsealedCredentials> const& kept);

// A request without credentials gets those kept, and their endpoint and region if it names none.
// Error{bad_input}, which names `endpoint_field`, for another object store, {forbidden} for a
// bucket that they are not for.
void use_kept(archive::Request& request, aws::Credentials& credentials,
              std::optional<store::UnsealedCredentials> const& kept, ZipRequestRules const& rules,
              std::string_view endpoint_field);

}  // namespace api
