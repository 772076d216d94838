#include "s3/own_credentials.h"

#include "base/error.h"

namespace s3 {

void OwnCredentials::set(Credentials credentials, base::UnixSeconds expires_at) {
  std::lock_guard const lock(mutex_);
  credentials_ = std::move(credentials);
  expires_at_ = expires_at;
}

Credentials OwnCredentials::get(base::UnixSeconds now) const {
  std::lock_guard const lock(mutex_);
  if (now < expires_at_) return credentials_;
  throw base::Error(base::Fault::unavailable,
                    "this server has no credentials of its own: its machine has no role, or it "
                    "cannot be asked for; send awsKey and awsSecret");
}

}  // namespace s3
