// The exit codes of the commands that are tools (zip, ls, get, check-store, completion), as people
// expect of tools. The server's commands end with codes of sysexits.h (base/error.h).
#pragma once

#include "base/error.h"

#include <string>

namespace cli {

inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_signal = 128;  // and the signal's number

// The command line makes no sense.
class UsageError : public base::Error {
 public:
  explicit UsageError(std::string const& message) : base::Error(base::Fault::bad_input, message) {}
};

// SIGINT, SIGTERM or SIGHUP ended the work, and all that it had begun has been cleaned up.
class Interrupted : public base::Error {
 public:
  explicit Interrupted(int signal)
      : base::Error(base::Fault::cancelled, "interrupted"), signal_(signal) {}
  int signal() const { return signal_; }

 private:
  int signal_;
};

}  // namespace cli
