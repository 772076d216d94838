// The message about an upload that was not finished, with an AWS CLI command that removes it: S3
// does not tell whose upload it is, so that no command of ours decides to remove it. Pure.
#pragma once

#include "s3/messages/replies.h"
#include "s3/store.h"

#include <string>

namespace cli {

// A command line for a shell.
std::string abort_command(s3::ObjectName const& target, std::string const& upload_id,
                          std::string const& endpoint_url);

std::string text_of_left_upload(s3::ObjectName const& target, s3::ListedUpload const& upload,
                                std::string const& endpoint_url);
// {"event":"left_upload",…}, a line.
std::string json_of_left_upload(s3::ObjectName const& target, s3::ListedUpload const& upload,
                                std::string const& endpoint_url);

}  // namespace cli
