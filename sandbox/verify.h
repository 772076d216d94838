// The server's side of SigV4: reads the signature of a received request and checks it. Used by the
// sandbox; the canonical form is the one that sigv4.h signs. The time is an argument.
//
// There are two steps, because the secret is looked up in between: parse_authorization() names the
// signer, verify() checks the signature.
#pragma once

#include "aws/canonical.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/secret.h"
#include "http/message.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

enum class Verdict {
  ok,
  missing,      // the request is not signed at all
  malformed,    // signed, but not in a way that can be checked
  wrong_scope,  // signed for another day, region or service
  expired,      // a link past its end, or a clock more than 15 minutes off
  mismatch,     // the signature is not the one that the secret gives
};

// The claims of a request about its signature.
struct Authorization {
  std::string access_key;
  aws::Scope scope;
  std::vector<std::string> signed_headers;  // lower case
  std::string signature;
  std::string amz_date;
  base::UnixSeconds time = 0;       // amz_date's
  bool presigned = false;           // in the query, not in a header
  std::chrono::seconds expires{0};  // of a presigned one
  // The body's hash as signed: hex, UNSIGNED-PAYLOAD or a STREAMING-… name. The body's reader
  // compares it.
  std::string payload_hash;
  base::Secret session_token;
};

struct ParsedAuthorization {
  Verdict verdict = Verdict::missing;  // ok, missing or malformed
  std::string problem;                 // in words, where it is not ok
  Authorization authorization;
};
ParsedAuthorization parse_authorization(http::Request const& request);

struct Expected {
  base::Secret const& secret_key;  // of the access key
  std::string_view region;         // empty: any
  base::UnixSeconds now;
};
struct Verification {
  Verdict verdict = Verdict::mismatch;
  std::string problem;
};
// `authorization` comes from parse_authorization(request) with verdict ok.
Verification verify(http::Request const& request, Authorization const& authorization,
                    Expected const& expected, aws::SigningKeys& keys);

}  // namespace sandbox
