#include "archive/crc_heads.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/task_group.h"

#include <algorithm>

namespace archive {

namespace limits = base::limits;

bool is_worth_a_head(s3::ListedObject const& object) {
  return object.size >= limits::crc_head_from_bytes && object.checksum_type == "FULL_OBJECT" &&
         std::ranges::find(object.checksum_algorithms, "CRC32") != object.checksum_algorithms.end();
}

struct CrcHeads::State {
  struct Answer {
    std::size_t index = 0;
    std::uint32_t crc = 0;
  };
  State(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> from)
      : store(std::move(from)), tasks(std::make_unique<net::TaskGroup>(loop)) {}

  std::shared_ptr<s3::ObjectStore> store;
  std::size_t asked = 0;
  std::vector<Answer> answers;
  std::unique_ptr<net::TaskGroup> tasks;
};

namespace {

// Of the listed version only: of another one the CRC would be a wrong one.
template <class State>
net::task<void> ask_one(std::shared_ptr<State> state, std::size_t index, s3::ObjectName name,
                        std::string etag, std::uint64_t size) {
  try {
    auto const object = co_await state->store->head_object(std::move(name));
    if (object && object->crc32 && object->etag == etag && object->size == size)
      state->answers.push_back({index, *object->crc32});
  } catch (base::Error const& error) {
    if (error.fault() == base::Fault::cancelled) throw;
  }
}

}  // namespace

CrcHeads::CrcHeads(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store)
    : state_(std::make_shared<State>(loop, std::move(store))) {}

CrcHeads::~CrcHeads() {
  state_->tasks->cancel();
}

net::task<void> CrcHeads::ask(Selection const& selection, std::size_t index) {
  if (state_->asked == limits::max_crc_heads) co_return;
  ++state_->asked;
  while (state_->tasks->running() >= std::max<std::size_t>(1, state_->store->window()))
    co_await state_->tasks->wait_one();
  SelectedObject const& object = selection.objects[index];
  s3::ObjectName name{std::string(object.bucket), std::string(object.key)};
  std::string etag(object.etag);
  state_->tasks->spawn(ask_one(state_, index, std::move(name), std::move(etag), object.size));
}

net::task<void> CrcHeads::finish(Selection& selection) {
  co_await state_->tasks->wait_all();
  for (State::Answer const& answer : state_->answers)
    selection.objects[answer.index].crc = answer.crc;
}

}  // namespace archive
