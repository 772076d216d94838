#include "store/board.h"

namespace store {

std::shared_ptr<Live> Board::open(std::string const& id) {
  std::scoped_lock const lock(mutex_);
  std::erase_if(entries_, [](auto const& entry) { return entry.second.expired(); });
  std::weak_ptr<Live>& entry = entries_[id];
  std::shared_ptr<Live> live = entry.lock();
  if (!live || live->ended.is_set()) entry = live = std::make_shared<Live>();
  return live;
}

std::shared_ptr<Live> Board::find(std::string const& id) const {
  std::scoped_lock const lock(mutex_);
  auto const entry = entries_.find(id);
  return entry == entries_.end() ? nullptr : entry->second.lock();
}

}  // namespace store
