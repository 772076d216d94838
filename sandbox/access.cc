#include "sandbox/access.h"

#include "base/clock.h"
#include "base/text.h"
#include "sandbox/refusal.h"

#include <algorithm>

namespace sandbox {
namespace {

base::Error refusal_of(s3::Verdict verdict, std::string problem, bool presigned) {
  switch (verdict) {
    case s3::Verdict::missing:
      return refusal("AccessDenied");
    case s3::Verdict::expired:
      if (presigned) return refusal("AccessDenied", "Request has expired");
      return refusal("RequestTimeTooSkewed");
    case s3::Verdict::mismatch:
      return refusal("SignatureDoesNotMatch");
    default:
      return refusal(
          presigned ? "AuthorizationQueryParametersError" : "AuthorizationHeaderMalformed",
          std::move(problem));
  }
}

}  // namespace

ChunkSigning Caller::chunk_signing() const {
  return {.key = key,
          .amz_date = authorization.amz_date,
          .scope = to_text(authorization.scope),
          .seed = authorization.signature};
}

s3::Credentials const* Access::find(std::string_view access_key) const {
  auto const found = std::ranges::find(credentials_, access_key, &s3::Credentials::access_key);
  return found == credentials_.end() ? nullptr : &*found;
}

Caller Access::admit(http::Request const& request, base::UnixSeconds now) {
  s3::ParsedAuthorization parsed = s3::parse_authorization(request);
  bool const presigned = !request.headers.find("authorization");
  if (parsed.verdict != s3::Verdict::ok)
    throw refusal_of(parsed.verdict, std::move(parsed.problem), presigned);
  s3::Authorization& claimed = parsed.authorization;
  s3::Credentials const* const known = find(claimed.access_key);
  if (known == nullptr) throw refusal("InvalidAccessKeyId");
  s3::Expected const expected{.secret_key = known->secret_key, .region = region_, .now = now};
  s3::Verification verification = s3::verify(request, claimed, expected, keys_);
  if (verification.verdict != s3::Verdict::ok)
    throw refusal_of(verification.verdict, std::move(verification.problem), presigned);
  if (!base::equals_in_constant_time(claimed.session_token.reveal(), known->session_token.reveal()))
    throw refusal("InvalidToken");
  s3::SigningKey key = keys_.find(known->secret_key, claimed.scope);
  return {.authorization = std::move(claimed), .key = std::move(key)};
}

}  // namespace sandbox
