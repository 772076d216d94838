#include "aws/sources/own_credentials.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/deadline.h"

#include <fmt/format.h>

namespace aws {

using base::Error;
using base::Fault;

// Keeps other tasks from asking, as long as it lives.
class OwnCredentials::Asking {
 public:
  explicit Asking(OwnCredentials& own) : own_(own) {}
  ~Asking() {
    std::lock_guard const lock(own_.mutex_);
    own_.asking_ = false;
  }
  Asking(Asking const&) = delete;
  Asking& operator=(Asking const&) = delete;

 private:
  OwnCredentials& own_;
};

void OwnCredentials::set(Credentials credentials, base::UnixSeconds expires_at,
                         base::UnixSeconds renew_at) {
  std::lock_guard const lock(mutex_);
  if (version_ == 0 || credentials != credentials_) ++version_;
  credentials_ = std::move(credentials);
  expires_at_ = expires_at;
  renew_at_ = renew_at;
}

Credentials OwnCredentials::get(base::UnixSeconds now) const {
  std::lock_guard const lock(mutex_);
  if (now < expires_at_) return credentials_;
  throw Error(Fault::unavailable,
              "this server has no credentials of its own: its machine has no role, or it "
              "cannot be asked for; send awsKey and awsSecret",
              "NoCredentials");
}

std::uint64_t OwnCredentials::version() const {
  std::lock_guard const lock(mutex_);
  return version_;
}

net::task<void> OwnCredentials::freshen(base::UnixSeconds now) {
  {
    std::lock_guard const lock(mutex_);
    if (now < renew_at_ || asking_ || !ask_) co_return;
    asking_ = true;
    renew_at_ = now + std::chrono::seconds(base::limits::role_retry_pause).count();
  }
  Asking const asking(*this);
  try {
    co_await ask_();
  } catch (Error const& error) {
    base::log_warning(fmt::format("no new credentials: {}", error.what()));
  }
}

net::task<bool> OwnCredentials::replace(std::uint64_t refused_version) {
  constexpr auto look_again = std::chrono::milliseconds(50);
  for (;;) {
    bool is_my_turn = false;
    {
      std::lock_guard const lock(mutex_);
      if (version_ != refused_version) co_return true;
      if (!asking_ && (!ask_ || replaced_version_ == version_)) co_return false;
      if (!asking_) {
        is_my_turn = asking_ = true;
        replaced_version_ = version_;
      }
    }
    if (is_my_turn) {
      Asking const asking(*this);
      co_await ask_();
    } else {
      co_await net::sleep(look_again);
    }
  }
}

}  // namespace aws
