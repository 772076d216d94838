#include "jobs/account_watch.h"

#include "base/limits.h"
#include "net/every.h"
#include "net/task_group.h"

namespace jobs {

void AccountWatch::start(net::Executor const& loop) {
  auto const work = [this] { return look(); };
  net::spawn_detached(
      loop, net::every(base::limits::account_check_interval, "looking for ended accounts", work),
      "ended accounts");
}

std::shared_ptr<net::Latch> AccountWatch::ended(std::string const& account_id) {
  std::scoped_lock const lock(mutex_);
  std::weak_ptr<net::Latch>& known = latches_[account_id];
  std::shared_ptr<net::Latch> latch = known.lock();
  if (!latch) known = latch = std::make_shared<net::Latch>();
  return latch;
}

net::task<void> AccountWatch::look() {
  std::vector<std::string> const ids = held();
  if (ids.empty()) co_return;
  tell(co_await accounts_.ended(ids));
}

std::vector<std::string> AccountWatch::held() {
  std::scoped_lock const lock(mutex_);
  std::erase_if(latches_, [](auto const& one) { return one.second.expired(); });
  std::vector<std::string> ids;
  for (auto const& [id, latch] : latches_) ids.push_back(id);
  return ids;
}

// An account that is enabled again gets another latch.
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
