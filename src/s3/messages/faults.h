// What an S3 error means: one table from S3's codes, and HTTP's status where the code is unknown,
// to what to do next and to the program's own faults; the error that callers see; the wait before
// a retry. Pure.
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
  // No such bucket, object or upload: an answer, not a failure. Of a call on an upload: it is gone,
  // whatever the code (Ceph RGW and Swift say NoSuchKey).
  not_found,
  redirect,  // the bucket is in another region: ErrorReply::region, or ask where (HeadBucket)
  fail,      // will not work
};

struct Decision {
  Action action = Action::fail;
  base::Fault fault = base::Fault::internal;  // what it is if it is not, or no longer, retried
  bool operator==(Decision const&) const = default;
};

// What was tried.
struct Attempt {
  Call call = Call::get_object;
  std::string_view bucket;
  std::string_view key;     // empty for calls on a bucket
  std::string_view region;  // that the request was signed for
};

Decision decide(Attempt const& attempt, ErrorReply const& reply);

// Whether the body was perhaps refused because no checksum came with it, as buckets with Object
// Lock do: the codes are many, and not what stores say for anything else.
bool may_want_checksum(ErrorReply const& reply);

// "GetObject s3://bucket/key: NoSuchKey: The specified key does not exist. (HTTP 404, request id
// 4442587FB7D0A2F9)", and for common codes what to do. Holds no secret. Its code() is S3's code.
base::Error make_error(Attempt const& attempt, ErrorReply const& reply);

// Of a name, or a version, that is a delete marker.
inline constexpr std::string_view deleted_words =
    "it is deleted: a delete marker stands in its place";
// Behind what is said of an object that is missing.
inline std::string told_if_deleted(bool is_deleted) {
  return is_deleted ? "; " + std::string(deleted_words) : "";
}

// "s3://bucket/key" for messages: control characters are escaped.
std::string shown(std::string_view bucket, std::string_view key);

// The wait before attempt number `retry` is repeated (0, 1, …): a random part of limits::retry_base
// doubled each time up to limits::retry_cap, `random` of [0, 1) of it but a quarter at least:
// unlucky draws would ask a store that restarts again and again within a blink. Where the store
// says when to come back (`retry_after`), no earlier, and up to a quarter of that later, so that
// not all come at once.
std::chrono::milliseconds retry_delay(int retry, double random,
                                      std::optional<std::chrono::seconds> retry_after = {});

// Whether it is trouble of a store, or with reaching it, that may be over when it is tried later.
inline bool is_trouble(base::Fault fault) {
  return fault == base::Fault::throttled || fault == base::Fault::unavailable ||
         fault == base::Fault::timeout || fault == base::Fault::disconnected;
}

// Whether a failure on the way to the store or back may be over at the next attempt. What is no
// passing trouble has a code: net::connect() gives it, and OwnCredentials::get().
inline bool is_transient(base::Error const& error) {
  base::Fault const fault = error.fault();
  return error.code().empty() &&
         (fault == base::Fault::disconnected || fault == base::Fault::timeout ||
          fault == base::Fault::unavailable);
}

// Whether the store says that it takes these credentials no more, as their time is over.
bool have_credentials_ended(ErrorReply const& reply);

}  // namespace s3
