// A request's head: its signature is read whatever it says; and signed by us, any request verifies.
#include "base/error.h"
#include "fuzzer.h"
#include "http/parser.h"
#include "sandbox/verify.h"

namespace {

aws::Credentials const credentials{
    .access_key = "AKID/EXAMPLE", .secret_key = base::Secret("secret"), .session_token = {}};
constexpr base::UnixSeconds now = 1'369'396'800;  // 2013-05-24T12:00:00Z
// For all inputs: a key is made once.
aws::SigningKeys keys;
aws::Signer signer;

sandbox::Verification verification(http::Request const& request) {
  sandbox::ParsedAuthorization const parsed = sandbox::parse_authorization(request);
  if (parsed.verdict != sandbox::Verdict::ok) {
    fuzz::require(!parsed.problem.empty(), "a problem has words");
    return {parsed.verdict, parsed.problem};
  }
  sandbox::Authorization const& claimed = parsed.authorization;
  fuzz::require(!claimed.access_key.empty() && claimed.signature.size() == 64,
                "an authorization names a key and a signature");
  return verify(request, claimed,
                {.secret_key = credentials.secret_key, .region = {}, .now = claimed.time}, keys);
}

void require_ours_verifies(http::Request request) {
  for (std::string_view const name : {"authorization", "x-amz-security-token"})
    request.headers.remove(name);
  if (!request.headers.find("host")) request.headers.add("Host", "127.0.0.1");
  // Our own paths are percent-encoded; what says that it is a link is not signed by headers.
  if (!aws::canonical_path(request.path())) return;
  if (request.query().find("X-Amz-Algorithm") != std::string_view::npos) return;
  try {
    signer.sign_headers(request, credentials, "us-east-1", aws::unsigned_payload, now);
  } catch (base::Error const&) {
    return;  // a query that is not percent-encoded
  }
  sandbox::ParsedAuthorization const parsed = sandbox::parse_authorization(request);
  fuzz::require(parsed.verdict == sandbox::Verdict::ok, "what we signed can be read");
  sandbox::Expected const expected{
      .secret_key = credentials.secret_key, .region = "us-east-1", .now = now};
  fuzz::require(
      verify(request, parsed.authorization, expected, keys).verdict == sandbox::Verdict::ok,
      "what we signed verifies");
  request.target += request.query().empty() ? "?x" : "&x";
  fuzz::require(
      verify(request, parsed.authorization, expected, keys).verdict != sandbox::Verdict::ok,
      "and no longer once it is changed");
}

void run(std::string_view input) {
  http::Request request;
  try {
    http::Parser parser(http::Side::request);
    if (parser.feed_head(input) == 0) return;
    request = parser.request();
  } catch (base::Error const&) {
    return;
  }
  verification(request);
  require_ours_verifies(std::move(request));
}

fuzz::Registered const registered("s3_authorization", run);

}  // namespace
