// The seconds by which the clocks of stores are ahead of ours. A store that refuses a request for
// its time teaches them: from then on its requests are signed with its time. Thread-safe.
#pragma once

#include "base/clock.h"
#include "s3/messages/error_reply.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace s3 {

class StoreClock {
 public:
  base::UnixSeconds offset() const { return offset_; }
  base::UnixSeconds now() const { return base::unix_now() + offset_; }

  // Called after the refusal of a request signed with `used_offset`: the offset for signing it
  // anew, which offset() gives from now on; nullopt for other refusals. `store` is for the log.
  std::optional<base::UnixSeconds> correct(ErrorReply const& refusal, base::UnixSeconds used_offset,
                                           std::string_view store);

 private:
  std::atomic<base::UnixSeconds> offset_ = 0;
};

class Clocks {
 public:
  std::shared_ptr<StoreClock> of(std::string const& endpoint_url) {
    std::lock_guard const lock(mutex_);
    std::shared_ptr<StoreClock>& clock = clocks_[endpoint_url];
    if (!clock) clock = std::make_shared<StoreClock>();
    return clock;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<StoreClock>> clocks_;  // one for each endpoint allowed
};

// The store's clock less ours, if the refusal of a request signed with `used_offset` is about it.
std::optional<base::UnixSeconds> better_offset(ErrorReply const& refusal,
                                               base::UnixSeconds used_offset,
                                               base::UnixSeconds now);

}  // namespace s3
