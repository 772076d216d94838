// AWS Signature Version 4 itself, as S3 wants it: the canonical form of a request, the string to
// sign and the signature. Both sides use this file: sigv4.h signs with it, verify.h checks.
//
//   canonical request            string to sign             signing key
//     GET                          AWS4-HMAC-SHA256           HMAC("AWS4" + secret, day)
//     /path                        20130524T000000Z           HMAC(…, region)
//     a=1&b=2                      20130524/us-east-1/        HMAC(…, "s3")
//     host:…        (sorted)         s3/aws4_request          HMAC(…, "aws4_request")
//     x-amz-date:…                 hex(SHA-256(canonical
//     (empty line)                     request))            signature
//     host;x-amz-date                                         hex(HMAC(key, string to sign))
//     hex(SHA-256(body))
//
// "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API reference. Pure.
#pragma once

#include "base/secret.h"
#include "http/forms.h"
#include "http/message.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
// This stands for the payload's hash if the body is not signed.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
// The SHA-256 of no bytes.
inline constexpr std::string_view empty_payload_hash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// A signing key is good for one scope.
struct Scope {
  std::string day;  // 20130524
  std::string region;
  std::string service = "s3";
  bool operator==(Scope const&) const = default;
};
std::string to_text(Scope const& scope);  // 20130524/us-east-1/s3/aws4_request

struct CanonicalRequest {
  std::string method;
  std::string path;
  std::string query;
  std::vector<http::Field> headers;  // the signed lines, as canonical_headers() gives them
  std::string payload_hash;
};
std::string to_text(CanonicalRequest const& request);

// The path decoded and encoded again, so that all its spellings have one form; it is not
// normalized: S3 keys may hold "//" and "..". nullopt if a '%' is not followed by two hex digits.
std::optional<std::string> canonical_path(std::string_view path);

// The fields sorted by their encoded names, then values, each as name=value.
std::string canonical_query(std::vector<http::Field> const& fields);

// The lines that `wanted` takes (it gets lower-case names), sorted by name; lines of one name are
// joined by commas, values trimmed and their inner runs of spaces made one.
std::vector<http::Field> canonical_headers(http::Headers const& headers,
                                           std::function<bool(std::string_view)> const& wanted);
// host;range;x-amz-date
std::string signed_names(std::vector<http::Field> const& canonical);

// 32 bytes that sign for one day, region and service.
using SigningKey = base::Secret;
SigningKey derive_key(base::Secret const& secret_key, Scope const& scope);

// The signature in lower-case hex. `amz_date` is x-amz-date's; its day is the scope's.
std::string signature(SigningKey const& key, std::string_view amz_date, Scope const& scope,
                      std::string_view canonical_request);

}  // namespace aws
