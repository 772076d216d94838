#include "sandbox/verify.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace sandbox {
namespace {

using Fields = std::vector<http::Field>;

ParsedAuthorization malformed(std::string problem) {
  return {.verdict = Verdict::malformed, .problem = std::move(problem), .authorization = {}};
}

std::string_view value_of(Fields const& fields, std::string_view name) {
  auto const found = std::ranges::find(fields, name, &http::Field::name);
  return found == fields.end() ? std::string_view() : found->value;
}

std::optional<Fields> query_fields(http::Request const& request) {
  try {
    return http::parse_urlencoded(request.query());
  } catch (base::Error const&) {
    return std::nullopt;
  }
}

// "Credential=…, SignedHeaders=…, Signature=…": the part behind the algorithm's name.
Fields header_fields(std::string_view text) {
  Fields fields;
  for (std::string_view part : base::split(text, ',')) {
    part = base::trim(part);
    std::size_t const equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    fields.push_back({std::string(part.substr(0, equals)), std::string(part.substr(equals + 1))});
  }
  return fields;
}

// access key/day/region/service/aws4_request; an access key may hold slashes itself.
bool read_credential(std::string_view text, Authorization& out) {
  std::vector<std::string_view> const parts = base::split(text, '/');
  if (parts.size() < 5 || parts.back() != "aws4_request") return false;
  std::size_t const scope_at = parts.size() - 4;
  out.scope = {.day = std::string(parts[scope_at]),
               .region = std::string(parts[scope_at + 1]),
               .service = std::string(parts[scope_at + 2])};
  std::size_t const scope_size = aws::to_text(out.scope).size();
  out.access_key = text.substr(0, text.size() - scope_size - 1);
  return !out.access_key.empty();
}

bool read_signature(std::string_view text, Authorization& out) {
  out.signature = text;
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

void read_signed_headers(std::string_view text, Authorization& out) {
  for (std::string_view const name : base::split(text, ';'))
    out.signed_headers.push_back(base::to_lower(name));
}

ParsedAuthorization parse_header(http::Request const& request, std::string_view value) {
  value = base::trim(value);
  if (!value.starts_with(aws::algorithm) || !value.substr(aws::algorithm.size()).starts_with(' '))
    return malformed(fmt::format("the Authorization header is not of the kind {}", aws::algorithm));
  Fields const fields = header_fields(value.substr(aws::algorithm.size()));
  Authorization out;
  if (!read_credential(value_of(fields, "Credential"), out))
    return malformed("the Authorization header's Credential is missing or malformed");
  if (!read_signature(value_of(fields, "Signature"), out))
    return malformed("the Authorization header's Signature is missing or malformed");
  read_signed_headers(value_of(fields, "SignedHeaders"), out);
  out.amz_date = request.headers.get("x-amz-date");
  if (out.amz_date.empty()) {
    auto const date = base::parse_http_date(request.headers.get("date"));
    if (date) out.amz_date = base::amz_date(*date);
  }
  auto const time = base::parse_amz_date(out.amz_date);
  if (!time) return malformed("the request has no valid x-amz-date or Date header");
  out.time = *time;
  out.payload_hash = request.headers.get("x-amz-content-sha256");
  if (out.payload_hash.empty()) return malformed("the header x-amz-content-sha256 is missing");
  out.session_token = base::Secret(std::string(request.headers.get("x-amz-security-token")));
  return {.verdict = Verdict::ok, .problem = {}, .authorization = std::move(out)};
}

ParsedAuthorization parse_query(http::Request const& request, Fields const& fields) {
  if (value_of(fields, "X-Amz-Algorithm") != aws::algorithm)
    return malformed(fmt::format("X-Amz-Algorithm is not {}", aws::algorithm));
  Authorization out;
  out.presigned = true;
  if (!read_credential(value_of(fields, "X-Amz-Credential"), out))
    return malformed("X-Amz-Credential is missing or malformed");
  if (!read_signature(value_of(fields, "X-Amz-Signature"), out))
    return malformed("X-Amz-Signature is missing or malformed");
  read_signed_headers(value_of(fields, "X-Amz-SignedHeaders"), out);
  out.amz_date = value_of(fields, "X-Amz-Date");
  auto const time = base::parse_amz_date(out.amz_date);
  if (!time) return malformed("X-Amz-Date is missing or malformed");
  out.time = *time;
  auto const expires = base::parse_uint(value_of(fields, "X-Amz-Expires"));
  std::chrono::seconds const longest = base::limits::max_presigned_life;
  if (!expires || *expires < 1 || *expires > static_cast<std::uint64_t>(longest.count()))
    return malformed("X-Amz-Expires is not a number of seconds from 1 to 604800");
  out.expires = std::chrono::seconds(*expires);
  out.payload_hash = value_of(fields, "X-Amz-Content-Sha256");
  if (out.payload_hash.empty()) out.payload_hash = request.headers.get("x-amz-content-sha256");
  if (out.payload_hash.empty()) out.payload_hash = aws::unsigned_payload;
  out.session_token = base::Secret(std::string(value_of(fields, "X-Amz-Security-Token")));
  return {.verdict = Verdict::ok, .problem = {}, .authorization = std::move(out)};
}

// All checks that need no secret.
Verification check_claims(http::Request const& request, Authorization const& claimed,
                          Expected const& expected) {
  if (claimed.scope.day != std::string_view(claimed.amz_date).substr(0, 8))
    return {Verdict::wrong_scope, "the credential's day is not that of x-amz-date"};
  if (claimed.scope.service != "s3")
    return {Verdict::wrong_scope, "the credential's service is not s3"};
  if (!expected.region.empty() && claimed.scope.region != expected.region)
    return {Verdict::wrong_scope, fmt::format("the region '{}' is wrong; expecting '{}'",
                                              claimed.scope.region, expected.region)};
  std::chrono::seconds const skew = base::limits::signature_clock_skew;
  if (claimed.time > expected.now + skew.count())
    return {Verdict::expired, "the request's time lies in the future"};
  base::UnixSeconds const end =
      claimed.time + (claimed.presigned ? claimed.expires.count() : skew.count());
  if (expected.now > end)
    return {Verdict::expired, claimed.presigned ? "the link has expired"
                                                : "the request's time is too far in the past"};
  auto const is_listed = [&](std::string_view name) {
    return std::ranges::find(claimed.signed_headers, name) != claimed.signed_headers.end();
  };
  if (!is_listed("host")) return {Verdict::malformed, "the header host is not signed"};
  for (http::Field const& line : request.headers) {
    std::string const name = base::to_lower(line.name);
    if (name.starts_with("x-amz-") && !is_listed(name))
      return {Verdict::malformed, fmt::format("the header {} is not signed", name)};
  }
  for (std::string const& name : claimed.signed_headers) {
    if (!request.headers.find(name))
      return {Verdict::mismatch, fmt::format("the signed header {} is not there", name)};
  }
  return {Verdict::ok, {}};
}

}  // namespace

ParsedAuthorization parse_authorization(http::Request const& request) {
  auto const header = request.headers.find("authorization");
  auto const fields = query_fields(request);
  if (!fields) return malformed("the query has a '%' without two hex digits");
  bool const presigned = !value_of(*fields, "X-Amz-Algorithm").empty();
  if (header && presigned)
    return malformed("the request is signed twice, in its query and in a header");
  if (header) return parse_header(request, *header);
  if (presigned) return parse_query(request, *fields);
  return {.verdict = Verdict::missing, .problem = "the request is not signed", .authorization = {}};
}

Verification verify(http::Request const& request, Authorization const& authorization,
                    Expected const& expected, aws::SigningKeys& keys) {
  Verification claims = check_claims(request, authorization, expected);
  if (claims.verdict != Verdict::ok) return claims;
  auto const path = aws::canonical_path(request.path());
  if (!path) return {Verdict::malformed, "the path has a '%' without two hex digits"};
  Fields fields = http::parse_urlencoded(request.query());
  if (authorization.presigned)
    std::erase_if(fields, [](http::Field const& field) { return field.name == "X-Amz-Signature"; });
  auto const is_listed = [&](std::string_view name) {
    return std::ranges::find(authorization.signed_headers, name) !=
           authorization.signed_headers.end();
  };
  aws::CanonicalRequest const canonical{
      .method = request.method,
      .path = *path,
      .query = aws::canonical_query(fields),
      .headers = aws::canonical_headers(request.headers, is_listed),
      .payload_hash = authorization.payload_hash};
  aws::SigningKey const key = keys.find(expected.secret_key, authorization.scope);
  std::string const wanted =
      aws::signature(key, authorization.amz_date, authorization.scope, aws::to_text(canonical));
  if (!base::equals_in_constant_time(wanted, authorization.signature))
    return {Verdict::mismatch, "the signature is not the one that the secret key gives"};
  return {Verdict::ok, {}};
}

}  // namespace sandbox
