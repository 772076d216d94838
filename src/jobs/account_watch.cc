#include "jobs/account_watch.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/deadline.h"
#include "net/task_group.h"

#include <fmt/format.h>

namespace jobs {

using base::Error;
using base::Fault;

void AccountWatch::start(net::Executor const& loop) {
  net::spawn_detached(loop, look_now_and_then(), "ended accounts");
}

std::shared_ptr<net::Latch> AccountWatch::ended(std::string const& account_id) {
  std::scoped_lock const lock(mutex_);
  std::weak_ptr<net::Latch>& known = latches_[account_id];
  std::shared_ptr<net::Latch> latch = known.lock();
  if (!latch) known = latch = std::make_shared<net::Latch>();
  return latch;
}

net::task<void> AccountWatch::look_now_and_then() {
  for (;;) {
    co_await net::sleep(base::limits::account_check_interval);
    std::vector<std::string> const ids = held();
    if (ids.empty()) continue;
    auto const find = [&] { return context_.store.ended_accounts(ids); };
    try {
      std::vector<std::string> const ended = co_await context_.blocking.get(find);
      tell(ended);
    } catch (Error const& error) {
      if (error.fault() == Fault::cancelled) throw;
      base::log_warning(fmt::format("looking for accounts that ended: {}", error.what()));
    }
  }
}

std::vector<std::string> AccountWatch::held() {
  std::scoped_lock const lock(mutex_);
  std::erase_if(latches_, [](auto const& one) { return one.second.expired(); });
  std::vector<std::string> ids;
  for (auto const& [id, latch] : latches_) ids.push_back(id);
  return ids;
}

// One that is enabled again gets another latch.
void AccountWatch::tell(std::vector<std::string> const& ended) {
  std::scoped_lock const lock(mutex_);
  for (std::string const& id : ended) {
    auto const found = latches_.find(id);
    if (found == latches_.end()) continue;
    if (auto const latch = found->second.lock()) latch->set();
    latches_.erase(found);
  }
}

net::task<void> wait_for_end(std::shared_ptr<net::Latch> ended) {
  std::vector<net::Latch*> const latches{ended.get()};
  for (bool told = false; !told;) told = co_await net::wait_any(latches, std::chrono::hours(1));
}

}  // namespace jobs
