#include "api/watch/readiness.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/task_group.h"

#include <string>
#include <vector>

#include <fmt/format.h>

namespace api {

using base::Error;
using base::Fault;

std::optional<std::string_view> Readiness::obstacle() const {
  switch (phase_.load()) {
    case Phase::starting:
      return "starting";
    case Phase::draining:
      return "draining: the server is about to stop";
    case Phase::ready:
      break;
  }
  return std::nullopt;
}

bool Readiness::needs_new_check() const {
  if (!check_) return true;
  auto const age = std::chrono::steady_clock::now() - check_->begun;
  return check_->done.is_set() && age >= base::limits::ready_check_pause;
}

net::task<std::optional<std::string>> Readiness::look(store::Upkeep& upkeep) {
  if (auto const known = obstacle()) co_return std::string(*known);
  net::Executor const loop = co_await net::this_loop();
  std::shared_ptr<Check> check;
  {
    std::scoped_lock const lock(mutex_);
    if (needs_new_check()) {
      check_ = std::make_shared<Check>();
      net::spawn_detached(loop, run(upkeep, check_), "readiness");
    }
    check = check_;
  }
  std::vector<net::Latch*> const done{&check->done};
  bool const answered = co_await net::wait_any(done, base::limits::ready_check_timeout);
  if (!answered) co_return "the job store does not answer";
  if (!check->obstacle.empty()) co_return check->obstacle;
  co_return std::nullopt;
}

net::task<void> Readiness::run(store::Upkeep& upkeep, std::shared_ptr<Check> check) {
  try {
    co_await upkeep.check_usable();
  } catch (Error const& error) {
    base::log_warning(std::string("readiness: ") + error.what());
    check->obstacle =
        fmt::format("the job store cannot be used; see the server's log: {}", error.message());
  }
  check->done.set();
}

}  // namespace api
