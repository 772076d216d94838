#include "s3/ailing.h"

#include <utility>

namespace s3 {

struct AilingObjects::Object {
  explicit Object(net::Executor const& loop) : changed(loop) {}
  net::Event changed;
  bool tried = false;  // a task has the turn
  bool well = false;
  int failures = 0;
};

AilingObjects::Turn::Turn(std::shared_ptr<Object> object) : object_(std::move(object)) {
  object_->tried = true;
}

AilingObjects::Turn& AilingObjects::Turn::operator=(Turn&& other) noexcept {
  std::swap(object_, other.object_);
  return *this;
}

AilingObjects::Turn::~Turn() {
  if (!object_) return;
  object_->tried = false;
  object_->changed.notify_all();
}

int& AilingObjects::Turn::failures() const {
  return object_->failures;
}

bool AilingObjects::is_ailing(std::string const& name) const {
  auto const found = objects_.find(name);
  return found != objects_.end() && !found->second.expired();
}

net::task<std::optional<AilingObjects::Turn>> AilingObjects::take_turn(std::string name) {
  net::Executor const loop = co_await net::this_loop();
  std::erase_if(objects_, [](auto const& entry) { return entry.second.expired(); });
  std::shared_ptr<Object> object = objects_[name].lock();
  if (!object) {
    object = std::make_shared<Object>(loop);
    objects_[name] = object;
  }
  while (object->tried && !object->well) co_await object->changed.wait();
  std::optional<Turn> turn;
  if (!object->well) turn.emplace(std::move(object));
  co_return turn;
}

void AilingObjects::note_recovery(std::string const& name) {
  auto const found = objects_.find(name);
  if (found == objects_.end()) return;
  std::shared_ptr<Object> const object = found->second.lock();
  objects_.erase(found);
  if (!object) return;
  object->well = true;
  object->changed.notify_all();
}

}  // namespace s3
