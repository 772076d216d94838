// ETags as stores, and proxies before them, spell them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace s3 {

// The form of HTTP and If-Match: "…" or W/"…". Empty stays empty.
std::string quoted_etag(std::string_view text);
// A weak tag says that two contents are alike, not the same byte by byte; If-Match never holds.
bool is_weak_etag(std::string_view etag);
// Whether both may name the same version: the texts within the quotes are compared, without regard
// to the case of hex digits and to suffixes of compressing proxies.
bool is_same_etag(std::string_view a, std::string_view b);

}  // namespace s3
