#include "sandbox/access.h"

#include "base/clock.h"
#include "base/text.h"
#include "sandbox/refusal.h"

#include <algorithm>

namespace sandbox {
namespace {

base::Error refusal_of(sandbox::Verdict verdict, std::string problem, bool presigned) {
  switch (verdict) {
    case sandbox::Verdict::missing:
      return refusal("AccessDenied");
    case sandbox::Verdict::expired:
      if (presigned) return refusal("AccessDenied", "Request has expired");
      return refusal("RequestTimeTooSkewed");
    case sandbox::Verdict::mismatch:
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

aws::Credentials const* Access::find(std::string_view access_key) const {
  auto const found = std::ranges::find(credentials_, access_key, &aws::Credentials::access_key);
  return found == credentials_.end() ? nullptr : &*found;
}

Caller Access::admit(http::Request const& request, base::UnixSeconds now) {
  sandbox::ParsedAuthorization parsed = sandbox::parse_authorization(request);
  bool const presigned = !request.headers.find("authorization");
  if (parsed.verdict != sandbox::Verdict::ok)
    throw refusal_of(parsed.verdict, std::move(parsed.problem), presigned);
  sandbox::Authorization& claimed = parsed.authorization;
  aws::Credentials const* const known = find(claimed.access_key);
  if (known == nullptr) throw refusal("InvalidAccessKeyId");
  sandbox::Expected const expected{.secret_key = known->secret_key, .region = region_, .now = now};
  sandbox::Verification verification = sandbox::verify(request, claimed, expected, keys_);
  if (verification.verdict != sandbox::Verdict::ok)
    throw refusal_of(verification.verdict, std::move(verification.problem), presigned);
  if (!base::equals_in_constant_time(claimed.session_token.reveal(), known->session_token.reveal()))
    throw refusal("InvalidToken");
  aws::SigningKey key = keys_.find(known->secret_key, claimed.scope);
  return {.authorization = std::move(claimed), .key = std::move(key)};
}

}  // namespace sandbox
