#include "s3/messages/faults.h"

#include "aws/endpoint.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/visible_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace s3 {
namespace {

using base::Fault;

struct CodeRow {
  std::string_view code;
  Decision decision;
  std::string_view advice;  // what the user can do; may be empty
};

// "Error responses", Amazon S3 API reference; the throttling names are other stores' and AWS's
// front doors'.
constexpr std::array table{
    CodeRow{"InternalError", {Action::retry, Fault::unavailable}, ""},
    CodeRow{"BadGateway", {Action::retry, Fault::unavailable}, ""},
    CodeRow{"GatewayTimeout", {Action::retry, Fault::unavailable}, ""},
    CodeRow{"OperationAborted", {Action::retry, Fault::conflict}, ""},
    CodeRow{"RequestTimeout", {Action::retry, Fault::timeout}, ""},
    CodeRow{"RequestTimeoutException", {Action::retry, Fault::timeout}, ""},
    // The bytes that arrived are not those that were sent.
    CodeRow{"BadDigest", {Action::retry, Fault::corrupt}, ""},
    CodeRow{"XAmzContentSHA256Mismatch", {Action::retry, Fault::corrupt}, ""},
    CodeRow{"XAmzContentChecksumMismatch", {Action::retry, Fault::corrupt}, ""},
    CodeRow{"IncompleteBody", {Action::retry, Fault::disconnected}, ""},
    CodeRow{"ClientDisconnected", {Action::retry, Fault::disconnected}, ""},

    CodeRow{"SlowDown", {Action::slow_down, Fault::throttled}, ""},
    CodeRow{"SlowDownRead", {Action::slow_down, Fault::throttled}, ""},
    CodeRow{"SlowDownWrite", {Action::slow_down, Fault::throttled}, ""},
    CodeRow{"ServiceUnavailable", {Action::slow_down, Fault::unavailable}, ""},
    CodeRow{"TooManyRequests", {Action::slow_down, Fault::throttled}, ""},
    CodeRow{"Throttling", {Action::slow_down, Fault::throttled}, ""},
    CodeRow{"ThrottlingException", {Action::slow_down, Fault::throttled}, ""},
    CodeRow{"RequestLimitExceeded", {Action::slow_down, Fault::throttled}, ""},
    CodeRow{"BandwidthLimitExceeded", {Action::slow_down, Fault::throttled}, ""},

    CodeRow{"NoSuchKey", {Action::not_found, Fault::not_found}, ""},
    CodeRow{"NoSuchVersion", {Action::not_found, Fault::not_found}, ""},
    CodeRow{"NoSuchUpload", {Action::not_found, Fault::not_found}, ""},
    CodeRow{"NoSuchBucket",
            {Action::not_found, Fault::not_found},
            "check the bucket's name and the endpoint"},
    CodeRow{"NotFound", {Action::not_found, Fault::not_found}, ""},

    CodeRow{"PermanentRedirect", {Action::redirect, Fault::bad_input}, ""},
    CodeRow{"TemporaryRedirect", {Action::redirect, Fault::unavailable}, ""},
    CodeRow{"AuthorizationHeaderMalformed", {Action::redirect, Fault::bad_input}, ""},
    CodeRow{"IllegalLocationConstraintException", {Action::redirect, Fault::bad_input}, ""},

    CodeRow{"AccessDenied", {Action::fail, Fault::forbidden}, ""},
    CodeRow{"AllAccessDisabled", {Action::fail, Fault::forbidden}, ""},
    CodeRow{"AccountProblem", {Action::fail, Fault::forbidden}, ""},
    CodeRow{"Forbidden", {Action::fail, Fault::forbidden}, ""},
    CodeRow{"InvalidAccessKeyId",
            {Action::fail, Fault::unauthorized},
            "the store does not know this access key: check it, and the endpoint"},
    CodeRow{"SignatureDoesNotMatch",
            {Action::fail, Fault::unauthorized},
            "the secret key does not belong to the access key"},
    CodeRow{"ExpiredToken",
            {Action::fail, Fault::unauthorized},
            "the temporary credentials have ended: send new ones"},
    CodeRow{"InvalidToken",
            {Action::fail, Fault::unauthorized},
            "the session token does not belong to the access key"},
    CodeRow{"ExpiredTokenException",
            {Action::fail, Fault::unauthorized},
            "the temporary credentials have ended: send new ones"},
    CodeRow{"InvalidTokenId",
            {Action::fail, Fault::unauthorized},
            "the temporary credentials have ended: send new ones"},
    CodeRow{"TokenRefreshRequired",
            {Action::fail, Fault::unauthorized},
            "the temporary credentials have ended: send new ones"},
    CodeRow{"RequestTimeTooSkewed",
            {Action::fail, Fault::config},
            "this machine's clock is not the store's: set it right"},

    CodeRow{"InvalidObjectState",
            {Action::fail, Fault::conflict},
            "the object is archived (Glacier): restore it first"},
    CodeRow{"InvalidRange", {Action::fail, Fault::changed}, "the object is shorter than it was"},
    CodeRow{"ConditionalRequestConflict", {Action::retry, Fault::conflict}, ""},
    CodeRow{"InvalidPart", {Action::fail, Fault::conflict}, "a part of the upload is missing"},
    CodeRow{"InvalidPartOrder", {Action::fail, Fault::internal}, ""},
    CodeRow{"EntityTooSmall", {Action::fail, Fault::internal}, ""},
    CodeRow{"MalformedXML", {Action::fail, Fault::internal}, ""},
    CodeRow{"EntityTooLarge", {Action::fail, Fault::too_large}, ""},
    CodeRow{"KeyTooLongError", {Action::fail, Fault::bad_input}, ""},
    CodeRow{"InvalidBucketName", {Action::fail, Fault::bad_input}, ""},
    CodeRow{"QuotaExceeded", {Action::fail, Fault::conflict}, "the store is full"},
    CodeRow{
        "NotImplemented", {Action::fail, Fault::unavailable}, "the store does not offer this call"},
    CodeRow{"MethodNotAllowed",
            {Action::fail, Fault::unavailable},
            "the store does not offer this call"},
};

CodeRow const* find_row(std::string_view code) {
  auto const row = std::ranges::find(table, code, &CodeRow::code);
  return row == table.end() ? nullptr : row;
}

// Decides for codes that the table does not have.
Decision decide_by_status(int status) {
  if (status == 429) return {Action::slow_down, Fault::throttled};
  if (status == 503) return {Action::slow_down, Fault::unavailable};
  if (status == 501) return {Action::fail, Fault::unavailable};
  // An error after a 200 was sent is S3's "internal error" too.
  if (status >= 500 || status < 300) return {Action::retry, Fault::unavailable};
  if (status == 408) return {Action::retry, Fault::timeout};
  if (status == 404) return {Action::not_found, Fault::not_found};
  if (status == 301 || status == 302 || status == 307) return {Action::redirect, Fault::bad_input};
  if (status == 401) return {Action::fail, Fault::unauthorized};
  if (status == 403) return {Action::fail, Fault::forbidden};
  if (status == 409) return {Action::fail, Fault::conflict};
  return {Action::fail, Fault::bad_input};
}

bool reads(Call call) {
  return call == Call::get_object || call == Call::head_object;
}

// Whether a temporary redirect to this endpoint may be over soon: AWS redirects until a new
// bucket's name has spread; for other stores it lasts.
bool may_come_true(std::string_view endpoint) {
  constexpr std::string_view separator = "://";
  std::size_t const scheme = endpoint.find(separator);
  if (scheme != std::string_view::npos) endpoint.remove_prefix(scheme + separator.size());
  std::string_view const host = endpoint.substr(0, endpoint.find_first_of(":/"));
  return host.empty() || aws::is_aws_host(host);
}

bool is_elsewhere(Attempt const& attempt, ErrorReply const& reply) {
  return !reply.region.empty() && reply.region != attempt.region;
}

// Foreign text made fit for our messages: UTF-8, without control characters, at most a few lines.
std::string tame(std::string_view text) {
  constexpr std::size_t longest = 300;
  std::string out = base::to_utf8(text.substr(0, longest));
  for (char& c : out) {
    if (c >= 0 && c < ' ') c = ' ';
  }
  return out;
}

// The bucket's other place; empty if the reply does not tell it.
std::string direction_of(Attempt const& attempt, ErrorReply const& reply) {
  std::string text;
  if (is_elsewhere(attempt, reply))
    text = fmt::format("the bucket is in the region {}", tame(reply.region));
  if (reply.endpoint.empty()) return text;
  return fmt::format("{} {}: give that as the endpoint",
                     text.empty() ? "the bucket is at" : text + ", at", tame(reply.endpoint));
}

std::string advice_for(Attempt const& attempt, ErrorReply const& reply) {
  CallTraits const& call = traits(attempt.call);
  if (reply.is_delete_marker) return std::string(deleted_words);
  bool const is_redirect = decide(attempt, reply).action == Action::redirect;
  if (is_redirect || (reply.status >= 300 && reply.status <= 399))
    return direction_of(attempt, reply);
  if (reply.code == "AccessDenied" || reply.code == "Forbidden") {
    std::string_view const or_missing =
        reads(attempt.call) ? "; without s3:ListBucket a missing object is refused like this, too"
                            : "";
    return fmt::format("the credentials may not {} ({}){}", call.deed, call.permission, or_missing);
  }
  if (reply.code == "PreconditionFailed")
    return reads(attempt.call) ? "the object has changed since it was listed"
                               : "the object exists already";
  if (reply.code == "BadRequest" && reply.message.empty())
    return "the reply says no more; expired credentials are answered like this";
  CodeRow const* const row = find_row(reply.code);
  return row == nullptr ? "" : std::string(row->advice);
}

}  // namespace

Decision decide(Attempt const& attempt, ErrorReply const& reply) {
  // The status is 404 for the latest version, 405 for one requested by its id.
  if (reply.is_delete_marker && (reply.status == 404 || reply.status == 405))
    return {Action::not_found, Fault::not_found};
  // The call tells what the precondition was: If-Match of a read, If-None-Match of a write.
  if (reply.code == "PreconditionFailed" || reply.status == 412)
    return {Action::fail, reads(attempt.call) ? Fault::changed : Fault::conflict};
  // A new upload would be needed ("CompleteMultipartUpload", API reference).
  if (reply.code == "ConditionalRequestConflict" && attempt.call == Call::complete_upload)
    return {Action::fail, Fault::conflict};
  // HEAD requests signed for the wrong region get a bare 400 that names only the right one.
  if (reply.code == "BadRequest" && is_elsewhere(attempt, reply))
    return {Action::redirect, Fault::bad_input};
  CodeRow const* const row = find_row(reply.code);
  Decision const decision = row == nullptr ? decide_by_status(reply.status) : row->decision;
  if (decision.action != Action::redirect || is_elsewhere(attempt, reply)) return decision;
  if (reply.code == "TemporaryRedirect")
    return {may_come_true(reply.endpoint) ? Action::retry : Action::fail, decision.fault};
  // No other region is known, or something else than the region is malformed.
  if (!reply.region.empty() || reply.code == "AuthorizationHeaderMalformed")
    return {Action::fail, decision.fault};
  return decision;
}

bool may_want_checksum(ErrorReply const& reply) {
  return reply.status == 400 && find_row(reply.code) == nullptr;
}

base::Error make_error(Attempt const& attempt, ErrorReply const& reply) {
  std::string text = fmt::format("{} {}: {}", traits(attempt.call).name,
                                 shown(attempt.bucket, attempt.key), tame(reply.code));
  if (!reply.message.empty()) text += fmt::format(": {}", tame(reply.message));
  text += fmt::format(" (HTTP {}", reply.status);
  if (!reply.request_id.empty()) text += fmt::format(", request id {}", tame(reply.request_id));
  text += ')';
  std::string const advice = advice_for(attempt, reply);
  if (!advice.empty()) text += fmt::format("; {}", advice);
  return {decide(attempt, reply).fault, text, reply.code};
}

std::string shown(std::string_view bucket, std::string_view key) {
  std::string out = fmt::format("s3://{}", base::to_utf8(bucket));
  if (key.empty()) return out;
  out += '/';
  out += base::visible(key);
  return out;
}

std::chrono::milliseconds retry_delay(int retry, double random,
                                      std::optional<std::chrono::seconds> retry_after) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  Milliseconds const cap = base::limits::retry_cap;
  Milliseconds const base_delay = base::limits::retry_base;
  Milliseconds const longest = std::min(cap, base_delay * std::exp2(std::max(retry, 0)));
  constexpr double least = 0.25;
  Milliseconds const own = longest * (least + (1 - least) * random);
  Milliseconds const asked = retry_after.value_or(std::chrono::seconds(0));
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::max(own, asked * (1 + random / 4)));
}

bool have_credentials_ended(ErrorReply const& reply) {
  // The last code is MinIO's for a session that has ended.
  constexpr std::array<std::string_view, 4> codes{"ExpiredToken", "ExpiredTokenException",
                                                  "TokenRefreshRequired", "InvalidTokenId"};
  return std::ranges::find(codes, reply.code) != codes.end();
}

}  // namespace s3
