// What is said of an upload that was not finished, and how it is removed: by the AWS CLI, as whose
// upload it is cannot be seen in S3, so that no command of ours decides to remove it. Pure.
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
