// Requests that bring no credentials, as their account keeps some at the server.
#pragma once

#include "api/request/zip_request.h"
#include "store/kept_credentials.h"

#include <optional>
#include <string_view>

namespace api {

// The rules for a request of an account that keeps this.
ZipRequestRules rules_with(ZipRequestRules rules, std::optional<store::Kept> const& kept);

// Where the request has no credentials it gets those kept, and their endpoint and region where it
// names none. Error{bad_input} that names `endpoint_field` for another store, {forbidden} for a
// bucket that they are not for.
void use_kept(archive::Request& request, aws::Credentials& credentials,
              std::optional<store::Kept> const& kept, ZipRequestRules const& rules,
              std::string_view endpoint_field);

}  // namespace api
