// Credentials, region and endpoint for commands, found where the AWS CLI finds them: flags,
// environment variables, ~/.aws/credentials and ~/.aws/config.
//
// Roles, SSO and web identities are not assumed here: a profile's credential_process is run, and
// `aws configure export-credentials` is such a process, which knows them all.
#pragma once

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "base/clock.h"
#include "base/limits.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aws {

// The command line's flags for AWS.
struct AwsFlags {
  std::string profile;
  std::string region;
  std::string endpoint_url;
  std::optional<aws::Addressing> addressing;
  std::chrono::milliseconds patience = base::limits::default_patience;
};

struct FoundCredentials {
  aws::Credentials credentials;
  std::optional<base::UnixSeconds> expires_at = {};  // if their source tells it
};

struct AwsSettings {
  aws::Credentials credentials;
  std::optional<base::UnixSeconds> credentials_expire_at = {};
  // Looks for credentials as before: runs the profile's process, reads the files. Blocks.
  std::function<FoundCredentials()> find_credentials_again = {};
  std::string region;        // empty: asked of the store
  std::string endpoint_url;  // empty: AWS
  std::optional<aws::Addressing> addressing;
  std::string ca_file;  // certificates to trust besides the system's; may be empty
  std::chrono::milliseconds patience = base::limits::default_patience;
};

// The value of an environment variable; nullopt if it is not set.
using Environment = std::function<std::optional<std::string>(char const* name)>;

// A profile that a flag names goes before keys in the environment, as with the AWS CLI.
// Error{unauthorized} if there are no credentials, which names the places searched; Error{config}
// for a profile that does not exist or cannot be used, and for a file that cannot be read.
AwsSettings find_aws_settings(AwsFlags const& flags, Environment const& environment);

// The settings' endpoint. Error{bad_input} for an endpoint or region that cannot be one.
aws::Endpoint endpoint_of(AwsSettings const& settings);

}  // namespace aws
