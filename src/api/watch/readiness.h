// Whether this server should be sent requests. Thread-safe.
#pragma once

#include "net/latch.h"
#include "store/upkeep.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace api {

class Readiness {
 public:
  void started() { phase_ = Phase::ready; }
  // The server will stop soon.
  void drain() { phase_ = Phase::draining; }

  // Why the server should be sent no requests, as far as that is known without asking the store.
  std::optional<std::string_view> obstacle() const;
  // The same, having asked whether the store can be written to; within limits::ready_check_timeout.
  // The words are general: the details are in the log. The upkeep is borrowed.
  net::task<std::optional<std::string>> look(store::Upkeep& upkeep);

 private:
  enum class Phase { starting, ready, draining };
  // A store that hangs is not asked again before it has answered: threads wait for it.
  struct Check {
    net::Latch done;
    std::string obstacle;  // written before `done` is set, read after that; empty: it passed
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  };
  bool needs_new_check() const;
  static net::task<void> run(store::Upkeep& upkeep, std::shared_ptr<Check> check);

  std::atomic<Phase> phase_ = Phase::starting;
  std::mutex mutex_;
  std::shared_ptr<Check> check_;  // the latest
};

}  // namespace api
