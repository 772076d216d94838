// The credentials of the server itself, for requests that bring none, or of a command. They come
// from the machine's role or a program that gives them out, and change at run time, or they never
// change. Thread-safe.
#pragma once

#include "aws/credentials.h"
#include "base/clock.h"
#include "net/task.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>

namespace aws {

class OwnCredentials {
 public:
  static constexpr base::UnixSeconds never = std::numeric_limits<base::UnixSeconds>::max();

  // From `renew_at` on, the next task that needs credentials asks for others.
  void set(Credentials credentials, base::UnixSeconds expires_at,
           base::UnixSeconds renew_at = never);
  // Error{unavailable}, "NoCredentials", if there are none, or their time is over. That is no
  // passing trouble: others have been asked for since long before the end.
  Credentials get(base::UnixSeconds now) const;
  // The number changes when other credentials are set.
  std::uint64_t version() const;

  // Asks for other credentials and sets them, or throws. set_ask() comes before the first call.
  using Ask = std::function<net::task<void>()>;
  void set_ask(Ask ask) { ask_ = std::move(ask); }
  // Asks if it is time; a failure is only logged.
  net::task<void> freshen(base::UnixSeconds now);
  // Called after the store has refused this version's credentials as expired. False if no others
  // could be had: they are asked for once. Throws whatever asking throws.
  net::task<bool> replace(std::uint64_t refused_version);

 private:
  class Asking;
  mutable std::mutex mutex_;
  Credentials credentials_;
  base::UnixSeconds expires_at_ = 0;
  base::UnixSeconds renew_at_ = never;
  std::uint64_t version_ = 0;
  std::uint64_t replaced_version_ = 0;  // the version for which others have been asked for
  bool asking_ = false;
  Ask ask_;
};

}  // namespace aws
