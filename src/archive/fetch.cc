#include "archive/fetch.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/event.h"
#include "net/take.h"
#include "net/task_group.h"

#include <algorithm>
#include <deque>

namespace archive {

namespace limits = base::limits;

namespace {

struct Read {
  Block block;
  std::size_t entry = 0;
  bool done = false;
  std::exception_ptr failure;
};

}  // namespace

struct Fetcher::State {
  State(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> from, base::Budget& memory,
        std::shared_ptr<Plan const> what, std::vector<zip::Extent> wanted)
      : store(std::move(from)),
        budget(memory),
        member(memory),
        plan(std::move(what)),
        walk(*plan, std::move(wanted)),
        arrived(loop),
        taken(loop) {}

  bool step_ready() const { return !steps.empty() || walk_ended; }
  bool block_ready() const { return (!reads.empty() && reads.front()->done) || pump_failure; }
  // How much may lie ahead of the consumer: half of a fair share, so that whoever comes later
  // finds memory although a slow client holds on to its own.
  std::uint64_t most_ahead() const {
    return std::max(limits::segment_bytes, budget.fair_share() / 2);
  }
  bool has_room(std::uint64_t bytes) const {
    if (reads.empty()) return true;
    return in_flight < limits::max_gets_ahead && reads.size() < limits::max_blocks_ahead &&
           bytes_ahead + bytes <= most_ahead() && store->has_room();
  }

  std::shared_ptr<s3::ObjectStore> store;
  base::Budget& budget;
  base::Budget::Member member;
  std::shared_ptr<Plan const> plan;
  Walk walk;
  net::Event arrived;  // a step, a block or a failure
  net::Event taken;    // room for more
  std::deque<Step> steps;
  std::deque<std::shared_ptr<Read>> reads;  // in the order of the archive
  std::size_t in_flight = 0;
  std::uint64_t bytes_ahead = 0;
  bool walk_ended = false;
  std::exception_ptr pump_failure;
  // Owned here, cancelled by the fetcher: a task that holds the state cannot own it.
  std::unique_ptr<net::TaskGroup> tasks;
};

namespace {

template <class State>
net::task<void> fetch_one(std::shared_ptr<State> state, std::shared_ptr<Read> read) {
  PlannedEntry const entry = state->plan->entry(read->entry);
  s3::ObjectRange const from{entry.bucket, entry.key, entry.etag, read->block.offset, entry.size};
  std::span<char> const into(read->block.memory.get(), read->block.size);
  try {
    co_await state->store->read(from, into);
  } catch (...) {
    read->failure = std::current_exception();
  }
  read->done = true;
  --state->in_flight;
  state->arrived.notify_all();
  state->taken.notify_all();
}

template <class State>
net::task<void> start_read(std::shared_ptr<State> state, std::size_t entry, std::uint64_t offset,
                           std::uint64_t size) {
  while (!state->has_room(size)) co_await state->taken.wait();
  auto read = std::make_shared<Read>();
  read->block.grant = co_await net::take(state->budget, size);
  read->block.offset = offset;
  read->block.size = size;
  read->block.memory = std::make_unique_for_overwrite<char[]>(size);
  read->entry = entry;
  state->reads.push_back(read);
  state->bytes_ahead += size;
  ++state->in_flight;
  state->tasks->spawn(fetch_one(state, std::move(read)));
}

template <class State>
net::task<void> pump(std::shared_ptr<State> state) {
  try {
    while (auto const step = state->walk.next()) {
      while (state->steps.size() >= limits::max_blocks_ahead) co_await state->taken.wait();
      state->steps.push_back(*step);
      state->arrived.notify_all();
      for (std::uint64_t offset = step->begin; offset < step->end;) {
        std::uint64_t const size = std::min(limits::segment_bytes, step->end - offset);
        co_await start_read(state, step->entry, offset, size);
        offset += size;
      }
    }
  } catch (...) {
    state->pump_failure = std::current_exception();
  }
  state->walk_ended = true;
  state->arrived.notify_all();
}

}  // namespace

Fetcher::Fetcher(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store,
                 base::Budget& budget, std::shared_ptr<Plan const> plan,
                 std::vector<zip::Extent> wanted)
    : state_(std::make_shared<State>(loop, std::move(store), budget, std::move(plan),
                                     std::move(wanted))) {
  state_->tasks = std::make_unique<net::TaskGroup>(loop);
  state_->tasks->spawn(pump(state_));
}

Fetcher::~Fetcher() {
  state_->tasks->cancel();
}

net::task<std::optional<Step>> Fetcher::next_step() {
  while (!state_->step_ready()) co_await state_->arrived.wait();
  if (state_->steps.empty()) {
    if (state_->pump_failure) std::rethrow_exception(state_->pump_failure);
    co_return std::nullopt;
  }
  Step const step = state_->steps.front();
  state_->steps.pop_front();
  state_->taken.notify_all();
  co_return step;
}

net::task<Block> Fetcher::next_block() {
  while (!state_->block_ready()) co_await state_->arrived.wait();
  if (state_->reads.empty() || !state_->reads.front()->done)
    std::rethrow_exception(state_->pump_failure);
  std::shared_ptr<Read> const read = state_->reads.front();
  state_->reads.pop_front();
  state_->bytes_ahead -= read->block.size;
  state_->taken.notify_all();
  if (read->failure) std::rethrow_exception(read->failure);
  co_return std::move(read->block);
}

bool Fetcher::step_ready() const {
  return state_->step_ready();
}
bool Fetcher::block_ready() const {
  return state_->block_ready();
}

}  // namespace archive
