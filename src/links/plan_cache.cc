#include "links/plan_cache.h"

#include <algorithm>

namespace links {

using archive::Plan;

std::shared_ptr<Plan const> PlanCache::find(std::string const& id) {
  std::scoped_lock const lock(mutex_);
  auto const known = plans_.find(id);
  if (known == plans_.end()) return nullptr;
  std::shared_ptr<Plan const> plan = known->second.lock();
  if (plan) keep(plan);
  return plan;
}

std::shared_ptr<Plan const> PlanCache::put(std::string const& id,
                                           std::shared_ptr<Plan const> plan) {
  std::scoped_lock const lock(mutex_);
  std::erase_if(plans_, [](auto const& entry) { return entry.second.expired(); });
  std::weak_ptr<Plan const>& entry = plans_[id];
  if (auto first = entry.lock()) {
    plan = std::move(first);
  } else {
    entry = plan;
  }
  keep(plan);
  return plan;
}

void PlanCache::keep(std::shared_ptr<Plan const> plan) {
  if (std::erase(kept_, plan) > 0) kept_bytes_ -= plan->memory_bytes();
  kept_bytes_ += plan->memory_bytes();
  kept_.push_back(std::move(plan));
  while (kept_bytes_ > most_bytes_) {
    kept_bytes_ -= kept_.front()->memory_bytes();
    kept_.pop_front();
  }
}

}  // namespace links
