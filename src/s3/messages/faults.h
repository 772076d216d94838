// The meaning of S3's errors: one table from S3's codes, and from HTTP's status if the code is
// unknown, to the next action and the program's own faults; the error that callers see; the wait
// before a retry. Pure.
#pragma once

#include "base/error.h"
#include "s3/messages/calls.h"
#include "s3/messages/replies.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace s3 {

enum class Action {
  retry,      // may work next time: after retry_delay()
  slow_down,  // the same, and send less at a time
  // No such bucket, object or upload: an answer, not a failure. For a call on an upload: the upload
  // is gone, whatever the code (Ceph RGW and Swift say NoSuchKey).
  not_found,
  redirect,  // the bucket is in another region: ErrorReply::region, or ask where (HeadBucket)
  fail,      // will not work
};

struct Decision {
  Action action = Action::fail;
  base::Fault fault = base::Fault::internal;  // the fault if it is not, or no longer, retried
  bool operator==(Decision const&) const = default;
};

// The call that was tried.
struct Attempt {
  Call call = Call::get_object;
  std::string_view bucket;
  std::string_view key;     // empty for calls on a bucket
  std::string_view region;  // the request was signed for it
};

Decision decide(Attempt const& attempt, ErrorReply const& reply);

// Whether the body was perhaps refused because it came without a checksum, as by buckets with
// Object Lock: stores have many codes for it, and use those for no other error.
bool may_want_checksum(ErrorReply const& reply);

// "GetObject s3://bucket/key: NoSuchKey: The specified key does not exist. (HTTP 404, request id
// 4442587FB7D0A2F9)", with advice for common codes. Holds no secret. Its code() is S3's code.
base::Error make_error(Attempt const& attempt, ErrorReply const& reply);

// The words for a name, or a version, that is a delete marker.
inline constexpr std::string_view deleted_words =
    "it is deleted: a delete marker stands in its place";
// The end of a message about a missing object.
inline std::string told_if_deleted(bool is_deleted) {
  return is_deleted ? "; " + std::string(deleted_words) : "";
}

// "s3://bucket/key" for messages: control characters are escaped.
std::string shown(std::string_view bucket, std::string_view key);

// The wait before attempt number `retry` is repeated (0, 1, …): limits::retry_base, doubled each
// time up to limits::retry_cap, of which `random` in [0, 1) picks between a quarter and all:
// shorter waits would ask a restarting store again and again within a blink. If the store says when
// to come back (`retry_after`), the wait is no shorter, and up to a quarter longer, so that not all
// callers come at once.
std::chrono::milliseconds retry_delay(int retry, double random,
                                      std::optional<std::chrono::seconds> retry_after = {});

// Whether the fault is trouble of a store, or with reaching it, that may be over later.
inline bool is_trouble(base::Fault fault) {
  return fault == base::Fault::throttled || fault == base::Fault::unavailable ||
         fault == base::Fault::timeout || fault == base::Fault::disconnected;
}

// Whether a failure on the way to the store or back may be over at the next attempt. Lasting
// trouble has a code, from net::connect() or OwnCredentials::get().
inline bool is_transient(base::Error const& error) {
  base::Fault const fault = error.fault();
  return error.code().empty() &&
         (fault == base::Fault::disconnected || fault == base::Fault::timeout ||
          fault == base::Fault::unavailable);
}

// Whether the store refuses these credentials because their time is over.
bool have_credentials_ended(ErrorReply const& reply);

}  // namespace s3
