// The credentials of an EC2 machine's role, from the metadata service (IMDSv2: a token first, then
// the role's name, then its credentials, which last some hours).
#pragma once

#include "aws/credentials.h"
#include "aws/sources/own_credentials.h"
#include "base/clock.h"
#include "net/task.h"

#include <chrono>
#include <string>
#include <string_view>

namespace aws {

struct RoleCredentials {
  Credentials credentials;
  base::UnixSeconds expires_at = 0;
  bool operator==(RoleCredentials const&) const = default;
};

// Parses the service's JSON. Error{unavailable} if it holds no credentials.
RoleCredentials parse_role_credentials(std::string_view text);

// The time for which credentials that last `left` are used: to 5 minutes before their end, when the
// next ones are there; half of `left` if that is more, and 1 s at least.
std::chrono::seconds use_of(std::chrono::seconds left);

// Asks once. `metadata_url` is "http://169.254.169.254", or a test's. Gives the time until the next
// call; if asking fails, the log says why, and the present credentials stay.
net::task<std::chrono::seconds> renew_role_credentials(std::string metadata_url,
                                                       OwnCredentials& own);

}  // namespace aws
