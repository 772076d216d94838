// S3's errors: one table of codes, each with its status and words, and the XML that carries them.
//
// A refusal is a base::Error whose code() is S3's.
#pragma once

#include "base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

// `code` is in the table; an empty `message` takes the table's.
base::Error refusal(std::string_view code, std::string message = {});

// Errors without a code of S3's get the one that fits their fault.
std::string_view code_of(base::Error const& error);
int status_of(base::Error const& error);

// The table's status; nullopt for codes that are not in it.
std::optional<int> status_of_code(std::string_view code);
std::string_view message_of_code(std::string_view code);

struct ErrorPlace {
  std::string resource;  // the path as it was asked for, percent-encoded
  std::string request_id;
  std::string region;         // told with errors about the region
  std::string endpoint = {};  // told with redirects
};
std::string error_document(base::Error const& error, ErrorPlace const& place);
// The same for any code.
std::string error_document(std::string_view code, std::string_view message,
                           ErrorPlace const& place);

}  // namespace sandbox
