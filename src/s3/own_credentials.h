// The credentials of the server itself, for requests that bring none: those of the machine's role,
// which change while it runs, or such as never do. Thread-safe.
#pragma once

#include "base/clock.h"
#include "s3/credentials.h"

#include <limits>
#include <mutex>

namespace s3 {

class OwnCredentials {
 public:
  static constexpr base::UnixSeconds never = std::numeric_limits<base::UnixSeconds>::max();

  void set(Credentials credentials, base::UnixSeconds expires_at);
  // Error{unavailable} where there are none, or their time is over.
  Credentials get(base::UnixSeconds now) const;

 private:
  mutable std::mutex mutex_;
  Credentials credentials_;
  base::UnixSeconds expires_at_ = 0;
};

}  // namespace s3
