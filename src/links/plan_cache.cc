#include "links/plan_cache.h"

#include <algorithm>

namespace links {

using archive::PlannedArchive;

std::shared_ptr<PlannedArchive> PlanCache::find(std::string const& id) {
  std::scoped_lock const lock(mutex_);
  auto const known = plans_.find(id);
  if (known == plans_.end()) return nullptr;
  std::shared_ptr<PlannedArchive> archive = known->second.lock();
  if (archive) keep(archive);
  return archive;
}

std::shared_ptr<PlannedArchive> PlanCache::put(std::string const& id,
                                               std::shared_ptr<PlannedArchive> archive) {
  std::scoped_lock const lock(mutex_);
  std::erase_if(plans_, [](auto const& entry) { return entry.second.expired(); });
  std::weak_ptr<PlannedArchive>& entry = plans_[id];
  if (auto first = entry.lock()) {
    archive = std::move(first);
  } else {
    entry = archive;
  }
  keep(archive);
  return archive;
}

void PlanCache::keep(std::shared_ptr<PlannedArchive> archive) {
  if (std::erase(kept_, archive) > 0) kept_bytes_ -= archive->memory_bytes();
  kept_bytes_ += archive->memory_bytes();
  kept_.push_back(std::move(archive));
  while (kept_bytes_ > most_bytes_) {
    kept_bytes_ -= kept_.front()->memory_bytes();
    kept_.pop_front();
  }
}

}  // namespace links
