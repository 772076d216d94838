// Checks names of hosts, and IPv4 addresses in their place. Pure.
#pragma once

#include <string_view>

namespace http {

// Labels of 1 to 63 letters, digits, '-' and '_' (which names of buckets and of containers have),
// 253 bytes in all, perhaps a dot at the end. A name that ends in a number must be an IPv4 address:
// other forms, such as "10.1" or "0x7f000001", are addresses to some resolvers only.
bool is_host_name(std::string_view text);

}  // namespace http
