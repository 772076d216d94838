// Credentials, region and endpoint for commands, found where the AWS CLI finds them: flags,
// environment variables, ~/.aws/credentials and ~/.aws/config.
//
// Roles, SSO and web identities are not assumed here: a profile's credential_process is run, and
// `aws configure export-credentials` is one that knows them all.
#pragma once

#include "s3/credentials.h"
#include "s3/endpoint.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace app {

// What the command line says of it.
struct AwsFlags {
  std::string profile;
  std::string region;
  std::string endpoint_url;
  std::optional<s3::Addressing> addressing;
};

struct AwsSettings {
  s3::Credentials credentials;
  std::string region;        // empty: asked of the store
  std::string endpoint_url;  // empty: AWS
  std::optional<s3::Addressing> addressing;
  std::string ca_file;  // certificates to trust besides the system's; may be empty
};

// The value of an environment variable; nullopt where it is not set.
using Environment = std::function<std::optional<std::string>(char const* name)>;

// A profile that was asked for by flag goes before keys in the environment, as with the AWS CLI.
// Error{unauthorized} where there are no credentials, which says where they were looked for;
// Error{config} for a profile that does not exist or cannot be used, and a file that cannot be
// read.
AwsSettings find_aws_settings(AwsFlags const& flags, Environment const& environment);

// Where requests go then. Error{bad_input} for an endpoint or region that cannot be one.
s3::Endpoint endpoint_of(AwsSettings const& settings);

// The sections of an AWS file, by name, and their values. Values of a nested block stand under
// "block.key". Error{config} that names file and line.
using IniSections = std::map<std::string, std::map<std::string, std::string>, std::less<>>;
IniSections parse_ini(std::string_view text, std::string const& file);

}  // namespace app
