// Whether a text can be the name of a host at all, or its IPv4 address. Pure.
#pragma once

#include <string_view>

namespace http {

// Labels of 1 to 63 letters, digits, '-' and '_' (which names of buckets and of containers have),
// 253 bytes in all, perhaps a dot at the end. What ends in a number must be an IPv4 address:
// others, such as "10.1" or "0x7f000001", mean one to some resolvers, and nothing to the others.
bool is_host_name(std::string_view text);

}  // namespace http
