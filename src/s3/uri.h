// "s3://bucket/key", as command lines write buckets, folders and objects. Pure.
#pragma once

#include "s3/store.h"

#include <string_view>

namespace s3 {

bool is_uri(std::string_view text);  // begins with "s3://"
// The key is taken byte for byte, and is empty for a bucket. Error{bad_input} that shows the text
// if no bucket's name follows "s3://".
ObjectName parse_uri(std::string_view text);

}  // namespace s3
