#include "store/live.h"

namespace store {

std::shared_ptr<LiveZip> LiveZips::open(std::string const& id) {
  std::scoped_lock const lock(mutex_);
  std::erase_if(zips_, [](auto const& entry) { return entry.second.expired(); });
  std::weak_ptr<LiveZip>& known = zips_[id];
  std::shared_ptr<LiveZip> live = known.lock();
  bool const is_over = live && (live->ended.is_set() || live->cancelled.is_set());
  if (!live || is_over) known = live = std::make_shared<LiveZip>();
  return live;
}

std::shared_ptr<LiveZip> LiveZips::find(std::string const& id) const {
  std::scoped_lock const lock(mutex_);
  auto const known = zips_.find(id);
  return known == zips_.end() ? nullptr : known->second.lock();
}

}  // namespace store
