// The zip that `ls` and `get` are told to read: s3://bucket/key, or a file.
#pragma once

#include "archive/read/archive_bytes.h"
#include "cli/s3_session.h"

#include <string>

namespace cli {

// No credentials are looked for if the zip is a file.
aws::AwsSettings settings_for_archive(aws::AwsFlags const& flags, std::string const& where);

net::task<archive::ArchiveBytes> open_archive(S3Session& session, std::string where);

// Warns, on standard error, of bytes that follow the zip's end and were not read.
void tell_bytes_behind(std::string const& where, zip::End const& end);

}  // namespace cli
