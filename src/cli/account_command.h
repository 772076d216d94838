// `s3zipper account …`: the accounts that may ask for zips. Works on the database, whether the
// server runs or not; only create_account() makes one if there is none, the others are
// Error{config}.
#pragma once

#include "aws/sources/aws_profile.h"
#include "server/config.h"

#include <string>
#include <vector>

namespace cli {

void create_account(server::Config const& config, std::string const& name, bool as_json);
// Gives the account one more key.
void add_account_key(server::Config const& config, std::string const& who, std::string const& name,
                     bool as_json);
void list_accounts(server::Config const& config);
// Renews the secret of a key: the one that `who` names, or the only one of the account.
// `who`: a name or a userKey. Error{not_found} if there is no such account; {conflict} if it is
// disabled.
void rotate_account(server::Config const& config, std::string const& who, bool as_json);
void disable_account(server::Config const& config, std::string const& who);
void enable_account(server::Config const& config, std::string const& who);
// Asks first, unless it is told not to: UsageError if the answer is no.
void delete_account(server::Config const& config, std::string const& who, bool without_asking);

// The error URL of an account, to which people are sent if a link of it fails. With neither field
// it is shown; with both it is a UsageError.
struct ErrorUrlCommand {
  std::string url;
  bool remove = false;
};
void set_error_url(server::Config const& config, std::string const& who,
                   ErrorUrlCommand const& command);

// The AWS credentials that an account keeps at the server, for its requests that bring none and
// for links that its applications sign.
struct CredentialsCommand {
  aws::AwsFlags aws;  // where the credentials and their object store are found
  std::vector<std::string> buckets;
  bool remove = false;
};
// The userSecret comes from S3ZIPPER_USER_SECRET, else from standard input: it proves that the
// account is one's own. Error{unauthorized} if it is wrong.
void keep_account_credentials(server::Config const& config, std::string const& who,
                              CredentialsCommand const& command);

}  // namespace cli
