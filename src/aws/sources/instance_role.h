// The credentials that an EC2 machine has by its role, asked of the metadata service (IMDSv2: a
// token first, then the role's name, then its credentials, which last some hours).
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

// The service's JSON. Error{unavailable} where it holds no credentials.
RoleCredentials parse_role_credentials(std::string_view text);

// How long credentials that last `left` are used before they are asked for anew: to 5 minutes
// before their end, when the next ones are there; less where so little is left.
std::chrono::seconds use_of(std::chrono::seconds left);

// Asks once. `metadata_url` is "http://169.254.169.254", or a test's. Gives the time until it is to
// be asked again; where it fails the log says why, and what is there stays.
net::task<std::chrono::seconds> renew_role_credentials(std::string metadata_url,
                                                       OwnCredentials& own);

}  // namespace aws
