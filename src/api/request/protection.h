// A client that asks for a zip with a password, or an encrypted one, must not get one that any
// finder can open. This server makes no such zips, so that a request with a field of such a name is
// refused, however it is spelled. Pure.
#pragma once

#include "http/message.h"

#include <string_view>

namespace api {

// "zipPassword", "zip_password", "passphrase", "encrypt" and the like.
bool asks_for_protection(std::string_view field);
// Error{bad_input} that names the field.
[[noreturn]] void refuse_protection(std::string_view field);
// The same for a field of the query, and for headers by which S3 encrypts an object.
void check_asks_no_protection(http::Request const& request);

}  // namespace api
