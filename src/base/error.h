// The one error type of the program, and the one table of the meaning of faults outside: an HTTP
// status for a server's answer and an exit code for a command.
//
// Three kinds of errors exist. A broken program stops in check(). An expected answer ("no such
// object") stands in a return type. Everything else is thrown as Error and caught in three places:
// the HTTP connection, the job runner and main().
#pragma once

#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace base {

enum class Fault {
  bad_input,               // the caller's input cannot be used; the message names the field
  unauthorized,            // credentials or token missing, wrong or expired
  forbidden,               // known, but not allowed
  not_found,               // a route, id, bucket or key that does not exist
  method_not_allowed,      // the route exists, with another method
  conflict,                // the state of things forbids it
  gone,                    // existed, and has expired or was revoked
  too_large,               // over a limit of base/limits.h
  unsupported_media_type,  // a body type that the call does not take
  throttled,               // too many requests; try later
  unavailable,             // a server we depend on answers with 5xx, or not at all
  timeout,                 // a deadline passed
  disconnected,            // the connection ended before the message did
  changed,                 // a source object is not the one that was planned
  corrupt,                 // bytes that do not match their checksum or size
  cancelled,               // a command that was interrupted; a request to a store that was dropped
  config,                  // the configuration or command line is wrong
  internal,                // a defect of this program
};

inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::internal) + 1;

struct FaultTraits {
  Fault fault;
  std::string_view name;
  int http_status;
  int exit_code;  // after sysexits.h where it has a code
};

FaultTraits const& traits(Fault fault);

class Error : public std::runtime_error {
 public:
  // `code` is a foreign system's own code for the error, such as S3's "NoSuchKey"; may be empty.
  Error(Fault fault, std::string const& message, std::string code = {})
      : std::runtime_error(message), fault_(fault), code_(std::move(code)) {}

  Fault fault() const { return fault_; }
  std::string const& code() const { return code_; }
  std::string_view message() const { return what(); }

 private:
  Fault fault_;
  std::string code_;
};

// Cancelled is thrown at a task that goes on after it was cancelled. It is no Error, so no handler
// of errors catches it; only the owners of tasks do (net/task_group.h, the HTTP server).
class Cancelled : public std::exception {
 public:
  char const* what() const noexcept override { return "cancelled"; }
};

// The same error with "context: " before its message; used once on the way up, where the key or
// the job is known.
Error with_context(std::string_view context, Error const& error);

// Stops the program when `condition`, which only a defect can make false, is false.
void check(bool condition, char const* what);

}  // namespace base
