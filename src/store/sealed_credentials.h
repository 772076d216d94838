// AWS credentials at rest: sealed for the job or link that they belong to.
#pragma once

#include "accounts/keys.h"
#include "aws/credentials.h"

#include <string>
#include <string_view>

namespace store {

std::string seal_credentials(accounts::Keys const& keys, std::string_view owner_id,
                             aws::Credentials const& credentials);
// Error{gone} if they have been erased.
aws::Credentials open_credentials(accounts::Keys const& keys, std::string_view owner_id,
                                  std::string_view sealed);

}  // namespace store
