// Small text work: encodings, trimming, numbers, sizes for people. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

std::string_view trim(std::string_view text);                       // spaces, tabs, CR, LF
bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII
std::string to_lower(std::string_view text);                        // ASCII
std::vector<std::string_view> split(std::string_view text, char separator);

// RFC 3986: A-Z a-z 0-9 - . _ ~
bool is_unreserved(char c);

// RFC 3986: all bytes but the unreserved ones become %XX (capital hex), as SigV4 wants it;
// `keep_slash` leaves '/' as it is, for paths.
std::string percent_encode(std::string_view text, bool keep_slash = false);
// nullopt where a '%' is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);
// The same for application/x-www-form-urlencoded, in which '+' is a space.
std::optional<std::string> form_decode(std::string_view text);

std::string hex(std::span<std::uint8_t const> bytes);  // lower case
std::string base64(std::span<std::uint8_t const> bytes);
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text);
std::span<std::uint8_t const> as_bytes(std::string_view text);

// Decimal digits only, no sign, no white space; nullopt also where the value does not fit.
std::optional<std::uint64_t> parse_uint(std::string_view text);
// "10MB", "1.5 GiB", "1048576": powers of 1000 and, with an i, of 1024.
std::optional<std::uint64_t> parse_size(std::string_view text);
// "9.1 kB", "29 B": powers of 1000, one decimal below ten units where it is not zero.
std::string human_size(std::uint64_t bytes);

bool is_control(char c);              // ASCII: below U+0020, and U+007F
bool is_utf8(std::string_view text);  // no overlong forms, no surrogates
// Invalid sequences become U+FFFD, one for each maximal ill-formed part.
std::string to_utf8(std::string_view text);
// Foreign text as messages show it: in quotes, made valid UTF-8, control characters escaped, only
// the beginning of a long one. fmt's {:?} alone is no substitute: version 9 stops the program if
// the text is no UTF-8.
std::string in_quotes(std::string_view text);

// Takes a time that depends on the lengths only.
bool equals_in_constant_time(std::string_view a, std::string_view b);

}  // namespace base
