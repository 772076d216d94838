#include "archive/fetch.h"

#include "archive/read_ahead.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/deadline.h"
#include "net/event.h"
#include "net/take.h"
#include "net/task_group.h"

#include <algorithm>
#include <deque>

namespace archive {

namespace limits = base::limits;
using Clock = ReadAhead::Clock;

namespace {

struct Memory {
  base::Budget::Grant grant;
  std::unique_ptr<char[]> bytes;
};

// A stretch of an object within one segment, and what has come of it.
struct Read {
  std::size_t entry = 0;
  zip::Extent stretch;  // of the object
  Clock::time_point begun = Clock::now();
  // Holds the stretch from the byte `memory_begin` of it on; the first GET's, or that of a second
  // one which was faster.
  std::shared_ptr<Memory> memory;
  std::uint64_t memory_begin = 0;
  std::uint64_t arrived = 0;  // of the stretch
  std::uint64_t taken = 0;
  int running = 0;  // GETs
  bool hedged = false;
  std::exception_ptr failure;  // of all its GETs

  bool complete() const { return arrived == stretch.size; }
  bool has(std::uint64_t least) const { return complete() || failure || arrived - taken >= least; }
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
  bool block_ready(std::uint64_t least) const {
    return (!reads.empty() && reads.front()->has(least)) || pump_failure;
  }
  // How much may lie ahead of the consumer, with what it holds: three quarters of a fair share at
  // most, so that whoever comes later finds memory. (A slow client holds little of it.) A large
  // plan counts as well.
  std::uint64_t most_ahead() const {
    std::uint64_t const share = budget.fair_share() / 4 * 3;
    std::uint64_t const for_blocks = share - std::min(share, plan->memory_bytes());
    return std::min(read_ahead.bytes(), std::max(least_ahead(share), for_blocks));
  }
  static std::uint64_t least_ahead(std::uint64_t share) {
    return std::max(limits::segment_bytes, std::min(share, limits::least_bytes_ahead));
  }
  bool has_room(std::uint64_t bytes) const {
    if (reads.empty() && in_flight == 0) return true;
    return in_flight < read_ahead.gets() && reads.size() < limits::max_blocks_ahead &&
           bytes_ahead + bytes_held + bytes <= most_ahead() && store->has_room();
  }
  // A pump that had to wait goes on when it may begin a few at a time: requests close together wake
  // a store next door once.
  bool has_room_again(std::uint64_t bytes) const {
    std::size_t const few = std::min(limits::gets_begun_together, read_ahead.gets() / 2);
    return in_flight + few <= read_ahead.gets() && has_room(bytes);
  }
  bool may_hedge() const { return (hedges + 1) * limits::gets_per_hedge <= gets; }

  std::shared_ptr<s3::ObjectStore> store;
  base::Budget& budget;
  base::Budget::Member member;
  std::shared_ptr<Plan const> plan;
  Walk walk;
  ReadAhead read_ahead;
  net::Event arrived;  // a step, bytes or a failure
  net::Event taken;    // room for more
  std::deque<Step> steps;
  std::deque<std::shared_ptr<Read>> reads;  // in the order of the archive
  std::size_t in_flight = 0;
  std::uint64_t bytes_ahead = 0;
  std::uint64_t bytes_held = 0;  // by the consumer
  std::size_t gets = 0;
  std::size_t hedges = 0;
  std::uint64_t awaited = 0;   // bytes of the front that the consumer waits for; 0: it does not
  std::uint64_t to_begin = 0;  // bytes of the GET that the pump waits to begin; 0: it does not
  bool watched = false;
  bool walk_ended = false;
  std::exception_ptr pump_failure;
  // Owned here, cancelled by the fetcher: a task that holds the state cannot own it.
  std::unique_ptr<net::TaskGroup> tasks;
};

namespace {

template <class State>
void wake_consumer(State& state, Read const& read) {
  bool const is_front = !state.reads.empty() && state.reads.front().get() == &read;
  if (is_front && state.awaited > 0 && read.has(state.awaited)) state.arrived.notify_all();
}

template <class State>
void wake_pump(State& state) {
  if (state.to_begin > 0 && state.has_room_again(state.to_begin)) state.taken.notify_all();
}

template <class State>
net::task<std::shared_ptr<Memory>> allocate(State& state, std::uint64_t size) {
  auto memory = std::make_shared<Memory>();
  memory->grant = co_await net::take(state.budget, size);
  memory->bytes = std::make_unique_for_overwrite<char[]>(size);
  co_return memory;
}

// One GET of the stretch from its byte `begin` on. What it brings counts while the read's memory is
// its own, and once it is whole.
template <class State>
net::task<void> get(std::shared_ptr<State> state, std::shared_ptr<Read> read,
                    std::shared_ptr<Memory> memory, std::uint64_t begin) {
  PlannedEntry const entry = state->plan->entry(read->entry);
  std::uint64_t const size = read->stretch.size - begin;
  s3::ObjectRange const from{.bucket = entry.bucket,
                             .key = entry.key,
                             .etag = entry.etag,
                             .offset = read->stretch.offset + begin,
                             .object_size = entry.size,
                             .hedge = read->hedged,
                             .version_id = entry.version_id};
  s3::Landing landing{.room = {memory->bytes.get(), size}};
  landing.on_arrival = [&] {
    if (read->memory != memory) return;
    read->arrived = begin + landing.arrived;
    wake_consumer(*state, *read);
  };
  std::exception_ptr failure;
  Clock::time_point const begun = Clock::now();
  try {
    co_await state->store->read(from, landing);
    state->read_ahead.note_read(size, Clock::now() - begun);
  } catch (...) {
    failure = std::current_exception();
  }
  --state->in_flight;
  --read->running;
  if (!failure && !read->complete()) {
    read->memory = std::move(memory);
    read->memory_begin = begin;
    read->arrived = read->stretch.size;
  } else if (failure && read->running == 0 && !read->complete()) {
    read->failure = failure;
  }
  wake_consumer(*state, *read);
  wake_pump(*state);
}

template <class State>
void begin_get(std::shared_ptr<State> const& state, std::shared_ptr<Read> const& read,
               std::shared_ptr<Memory> memory, std::uint64_t begin) {
  ++read->running;
  ++state->in_flight;
  ++state->gets;
  state->tasks->spawn(get(state, read, std::move(memory), begin));
}

template <class State>
net::task<void> start_read(std::shared_ptr<State> state, std::size_t entry, zip::Extent stretch) {
  if (!state->has_room(stretch.size)) {
    state->to_begin = stretch.size;
    while (!state->has_room_again(stretch.size)) co_await state->taken.wait();
    state->to_begin = 0;
  }
  auto read = std::make_shared<Read>();
  read->memory = co_await allocate(*state, stretch.size);
  read->entry = entry;
  read->stretch = stretch;
  read->begun = Clock::now();
  state->reads.push_back(read);
  state->bytes_ahead += stretch.size;
  std::string_view const content = state->plan->entry(entry).content;
  if (content.empty()) {
    begin_get(state, read, read->memory, 0);
  } else {
    content.copy(read->memory->bytes.get(), stretch.size, stretch.offset);
    read->arrived = stretch.size;
    wake_consumer(*state, *read);
  }
}

template <class State>
net::task<void> pump(std::shared_ptr<State> state) {
  // What has been begun gets its turn before more is begun: the first answer says how many it
  // takes.
  constexpr std::size_t begun_in_a_row = 8;
  std::size_t begun = 0;
  try {
    while (auto const step = state->walk.next()) {
      while (state->steps.size() >= limits::max_blocks_ahead) co_await state->taken.wait();
      state->steps.push_back(*step);
      state->arrived.notify_all();
      for (std::uint64_t offset = step->begin; offset < step->end;) {
        std::uint64_t const size = std::min(limits::segment_bytes, step->end - offset);
        zip::Extent const stretch{offset, size};
        co_await start_read(state, step->entry, stretch);
        if (++begun % begun_in_a_row == 0) co_await net::yield();
        offset += size;
      }
    }
  } catch (...) {
    state->pump_failure = std::current_exception();
  }
  state->walk_ended = true;
  state->arrived.notify_all();
}

// A second GET of what the consumer has not yet got of the front; the faster of the two counts.
template <class State>
net::task<void> hedge(std::shared_ptr<State> state, std::shared_ptr<Read> read) {
  std::uint64_t const begin = read->taken;
  std::shared_ptr<Memory> memory = co_await allocate(*state, read->stretch.size - begin);
  if (!read->complete() && !read->failure) begin_get(state, read, std::move(memory), begin);
}

// Runs while the consumer waits: looks whether what it waits for is slower than it should be.
template <class State>
net::task<void> watch_front(std::shared_ptr<State> state) {
  constexpr ReadAhead::Duration look_again = std::chrono::milliseconds(50);
  while (state->awaited > 0 && !state->reads.empty()) {
    std::shared_ptr<Read> const read = state->reads.front();
    auto const slow_after = state->read_ahead.slow_after(read->stretch.size);
    auto wait = std::chrono::duration_cast<std::chrono::microseconds>(look_again);
    if (slow_after && !read->hedged && state->may_hedge()) {
      auto const left = read->begun + *slow_after - Clock::now();
      if (left.count() <= 0) {
        read->hedged = true;
        ++state->hedges;
        state->tasks->spawn(hedge(state, read));
        continue;
      }
      wait = std::chrono::ceil<std::chrono::microseconds>(left);
    }
    co_await net::sleep(wait);
  }
  state->watched = false;
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
  if (state_->steps.size() + 1 >= limits::max_blocks_ahead) state_->taken.notify_all();
  co_return step;
}

net::task<bool> Fetcher::block_within(std::uint64_t least, std::chrono::microseconds time) {
  state_->awaited = least;
  if (!state_->block_ready(least)) co_await state_->arrived.wait_for(time);
  state_->awaited = 0;
  co_return state_->block_ready(least);
}

net::task<Block> Fetcher::next_block(std::uint64_t least) {
  State& state = *state_;
  while (!state.block_ready(least)) {
    state.awaited = least;
    if (!std::exchange(state.watched, true)) state.tasks->spawn(watch_front(state_));
    co_await state.arrived.wait();
  }
  state.awaited = 0;
  if (state.reads.empty() || !state.reads.front()->has(least))
    std::rethrow_exception(state.pump_failure);
  std::shared_ptr<Read> const read = state.reads.front();
  if (read->failure && read->taken == read->arrived) std::rethrow_exception(read->failure);
  std::uint64_t const size = read->arrived - read->taken;
  char const* const bytes = read->memory->bytes.get() + (read->taken - read->memory_begin);
  Block block{read->stretch.offset + read->taken, {bytes, size}, read->memory};
  read->taken = read->arrived;
  state.bytes_ahead -= size;
  state.bytes_held += size;
  state.read_ahead.note_taken(size, Clock::now());
  if (read->complete()) state.reads.pop_front();
  wake_pump(state);
  co_return block;
}

bool Fetcher::step_ready() const {
  return state_->step_ready();
}
bool Fetcher::block_ready(std::uint64_t least) const {
  return state_->block_ready(least);
}
bool Fetcher::holds_enough() const {
  return state_->bytes_held >= std::min(limits::flush_bytes, state_->most_ahead() / 3);
}
void Fetcher::let_go() {
  state_->bytes_held = 0;
  wake_pump(*state_);
}

}  // namespace archive
