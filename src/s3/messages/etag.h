// ETags as stores, and proxies before them, spell them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace s3 {

// As HTTP has it, and If-Match wants it: "…" or W/"…". Empty stays empty.
std::string quoted_etag(std::string_view text);
// Says that two contents are alike, not that they are the same byte by byte; If-Match never holds.
bool is_weak_etag(std::string_view etag);
// Whether both may tell the same version: what is within the quotes is compared, without regard to
// the case of hex digits and to what a proxy that compresses appends.
bool is_same_etag(std::string_view a, std::string_view b);

}  // namespace s3
