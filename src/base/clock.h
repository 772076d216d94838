// The program's time: whole seconds since 1970 UTC, and the text forms that HTTP, S3 and the API
// use. Code that must be repeatable takes the time as an argument instead of asking here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using UnixSeconds = std::int64_t;

UnixSeconds unix_now();

// Parts of a UTC time; months and days count from 1.
struct UtcTime {
  int year, month, day, hour, minute, second;
};
UtcTime utc_time(UnixSeconds time);

std::string rfc3339(UnixSeconds time);    // 2026-11-22T12:00:00Z
std::string http_date(UnixSeconds time);  // Sun, 22 Nov 2026 12:00:00 GMT
std::string amz_date(UnixSeconds time);   // 20261122T120000Z

// The form of S3's listings, "2009-10-12T17:50:30.000Z"; fractions are dropped.
std::optional<UnixSeconds> parse_rfc3339(std::string_view text);
// RFC 9110's IMF-fixdate only; the obsolete forms are not read.
std::optional<UnixSeconds> parse_http_date(std::string_view text);
std::optional<UnixSeconds> parse_amz_date(std::string_view text);

}  // namespace base
