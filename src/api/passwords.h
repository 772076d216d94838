// Hashes passwords on threads of its own: a hash takes 64 MiB and a core for a while, so few are
// made at a time, and few may wait.
#pragma once

#include "base/secret.h"
#include "base/service_limits.h"
#include "net/blocking.h"

#include <atomic>
#include <string>

namespace api {

class Passwords {
 public:
  // Error{unavailable} if too many wait, in both.
  net::task<std::string> hash(base::Secret password);
  // accounts::password_matches()
  net::task<bool> matches(base::Secret password, std::string hash);

 private:
  std::atomic<std::size_t> waiting_ = 0;
  net::BlockingPool threads_{base::limits::passwords_at_once};
};

}  // namespace api
