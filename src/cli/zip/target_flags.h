// The flags of `zip` that say how a zip is stored in a bucket.
#pragma once

#include "s3/messages/attributes.h"

#include <CLI/CLI.hpp>

namespace cli {

// The flags are named like those of `aws s3 cp`, except --tag. A value that S3 would not take is an
// error of usage.
void add_target_flags(CLI::App& command, s3::Attributes& attributes);

}  // namespace cli
