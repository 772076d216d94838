// The credentials of the server itself, for requests that bring none, or those of a command: of
// the machine's role or of a program that gives them out, which change while it runs, or such as
// never do. Thread-safe.
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

  // At `renew_at` others are asked for, by who needs them then.
  void set(Credentials credentials, base::UnixSeconds expires_at,
           base::UnixSeconds renew_at = never);
  // Error{unavailable}, "NoCredentials", where there are none, or their time is over. That is no
  // passing trouble: others have been asked for since long before the end.
  Credentials get(base::UnixSeconds now) const;
  // Another number when others have been set.
  std::uint64_t version() const;

  // How others are asked for: it sets them, or throws. Before the first call.
  using Ask = std::function<net::task<void>()>;
  void set_ask(Ask ask) { ask_ = std::move(ask); }
  // Where it is time, asks; that no others can be had now is only logged.
  net::task<void> freshen(base::UnixSeconds now);
  // After the store has refused those of this version, as their time is over. False where there
  // are no others: they are asked for once. Throws what asking throws.
  net::task<bool> replace(std::uint64_t refused_version);

 private:
  class Asking;
  mutable std::mutex mutex_;
  Credentials credentials_;
  base::UnixSeconds expires_at_ = 0;
  base::UnixSeconds renew_at_ = never;
  std::uint64_t version_ = 0;
  std::uint64_t replaced_version_ = 0;  // that others have been asked for
  bool asking_ = false;
  Ask ask_;
};

}  // namespace aws
