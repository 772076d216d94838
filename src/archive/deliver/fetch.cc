#include "archive/deliver/fetch.h"

#include "archive/deliver/read_ahead.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/deadline.h"
#include "net/event.h"
#include "net/take.h"
#include "net/task_group.h"

#include <algorithm>
#include <bit>
#include <deque>

namespace archive {

namespace limits = base::limits;
using Clock = ReadAhead::Clock;

namespace {

struct Memory {
  base::Budget::Grant grant;
  std::unique_ptr<char[]> bytes;
};

// A stretch of an object within one segment, and the bytes of it that have arrived.
struct Read {
  std::size_t entry = 0;
  base::Extent stretch;  // of the object
  Clock::time_point begun_at;
  // Holds the stretch from its byte `memory_begin` on; it is the first GET's, or that of a second
  // one which was faster. Null before the read has begun, and if it has to begin again.
  std::shared_ptr<Memory> memory;
  std::uint64_t memory_begin = 0;
  std::uint64_t arrived = 0;  // of the stretch
  std::uint64_t taken = 0;
  int running = 0;  // GETs that count: once the bytes are all there, a slower one counts no more
  int round = 0;    // how often the bytes have all come
  bool hedged = false;
  std::exception_ptr failure;  // of all its GETs

  bool has_begun() const { return memory != nullptr; }
  bool complete() const { return arrived == stretch.size; }
  bool has(std::uint64_t least) const { return complete() || failure || arrived - taken >= least; }
};

}  // namespace

struct Fetching {
  Fetching(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> from, base::Budget& memory,
           std::shared_ptr<PlannedArchive const> what, std::vector<base::Extent> wanted)
      : store(std::move(from)),
        budget(memory),
        archive(std::move(what)),
        walk(*archive, std::move(wanted)),
        arrived(loop),
        taken(loop),
        tasks(loop) {}

  bool step_ready() const { return !steps.empty() || walk_ended; }
  bool block_ready(std::uint64_t least) const {
    return (!reads.empty() && reads.front()->has(least)) || pump_failure;
  }
  // The bytes that may lie ahead of the consumer, with those that it holds: a share of the free
  // memory, so that a later download finds some, however many came before. A large plan counts as
  // well.
  std::uint64_t most_ahead() const {
    std::uint64_t const share = limits::ahead_for_free * budget.free_bytes();
    std::uint64_t const for_blocks = share - std::min(share, archive->memory_bytes());
    return std::min(read_ahead.bytes(), std::max(limits::least_segment_bytes, for_blocks));
  }
  bool has_room(std::uint64_t bytes) const {
    if (taker_stands_still) return false;
    if (begun_reads == 0 && in_flight == 0) return true;
    return in_flight < read_ahead.gets() && begun_reads < limits::max_blocks_ahead &&
           bytes_ahead + bytes_held + bytes <= most_ahead() && store->has_room();
  }
  // A pump that had to wait goes on when it may begin a few GETs at a time: requests close together
  // wake a nearby object store only once.
  bool has_room_for_a_few(std::uint64_t bytes) const {
    std::size_t const few = std::min(limits::gets_begun_together, read_ahead.gets() / 2);
    return in_flight + few <= read_ahead.gets() && has_room(bytes);
  }
  // Few GETs get a second one, except a read's GET that is the only one in flight.
  bool may_hedge(Read const& read) const {
    bool const is_alone = in_flight == static_cast<std::size_t>(read.running);
    bool const are_few = (hedges + 1) * limits::gets_per_hedge <= gets;
    return (is_alone || are_few) && store->has_room();
  }
  // The first read that has not begun, or has to begin again; null if all have begun.
  std::shared_ptr<Read> next_to_begin() const {
    return begun_reads < reads.size() ? reads[begun_reads] : nullptr;
  }
  // Little memory is cut into small pieces, so that each download gets some.
  std::uint64_t segment_bytes() const {
    std::uint64_t const fits = std::bit_floor(budget.free_bytes() / limits::segment_of_free);
    return std::max(limits::least_segment_bytes, std::min(read_ahead.segment_bytes(), fits));
  }

  std::shared_ptr<s3::ObjectStore> store;
  base::Budget& budget;
  std::shared_ptr<PlannedArchive const> archive;
  Walk walk;
  ReadAhead read_ahead;
  net::Event arrived;  // a step, bytes or a failure
  net::Event taken;    // room for more
  std::deque<Step> steps;
  Step planned_step;  // its reads up to `planned_end` of the object are in `reads`, or were
  std::uint64_t planned_end = 0;
  std::deque<std::shared_ptr<Read>> reads;  // in the order of the archive
  std::size_t begun_reads = 0;              // of these, the first ones
  std::size_t in_flight = 0;
  std::uint64_t bytes_ahead = 0;
  std::uint64_t bytes_held = 0;  // by the consumer
  std::size_t gets = 0;
  std::size_t hedges = 0;
  std::uint64_t awaited = 0;   // bytes of the front that the consumer waits for; 0: it does not
  std::uint64_t to_begin = 0;  // bytes of the GET that the pump waits to begin; 0: it does not
  bool watched = false;
  Clock::time_point last_taken = Clock::now();
  Clock::duration waited = {};      // by the consumer, since the last block
  bool taker_stands_still = false;  // and its blocks went back
  bool walk_ended = false;
  std::exception_ptr pump_failure;
  // The state owns them and the fetcher cancels them: a task that holds the state cannot own it.
  net::TaskGroup tasks;
};

namespace {

void wake_consumer(Fetching& state, Read const& read) {
  bool const is_front = !state.reads.empty() && state.reads.front().get() == &read;
  if (is_front && state.awaited > 0 && read.has(state.awaited)) state.arrived.notify_all();
}

void wake_pump(Fetching& state) {
  if (state.to_begin > 0 && state.has_room_for_a_few(state.to_begin)) state.taken.notify_all();
}

net::task<std::shared_ptr<Memory>> allocate(Fetching& state, std::uint64_t size) {
  // A download without a block, above all a new one, does not queue behind those that have some.
  bool const has_nothing = state.begun_reads == 0 && state.bytes_held == 0;
  auto const urgency =
      has_nothing ? base::Budget::Urgency::urgent : base::Budget::Urgency::can_wait;
  auto memory = std::make_shared<Memory>();
  memory->grant = co_await net::take(state.budget, size, urgency);
  memory->bytes = std::make_unique_for_overwrite<char[]>(size);
  co_return memory;
}

// Gives back the reads that lie furthest ahead until `most` bytes are left; each begins again in
// its turn.
void give_back_beyond(Fetching& state, std::uint64_t most) {
  while (state.begun_reads > 0 && state.bytes_ahead > most) {
    Read& last = *state.reads[state.begun_reads - 1];
    if (last.taken > 0 || !last.complete() || last.running > 0) break;
    last.memory.reset();
    last.arrived = 0;
    last.hedged = false;
    --state.begun_reads;
    state.bytes_ahead -= last.stretch.size;
  }
  state.taken.notify_all();
}

void note_taker_moves(Fetching& state) {
  state.last_taken = Clock::now();
  if (std::exchange(state.taker_stands_still, false)) state.taken.notify_all();
}

// A GET beside the one that has brought the bytes may hang for long: it must hold up no other read.
void let_go_of_slower(Fetching& state, Read& read) {
  state.in_flight -= static_cast<std::size_t>(read.running);
  read.running = 0;
  ++read.round;
}

// One GET of the stretch from its byte `begin` on. Its bytes count while the read's memory is its
// own, and once they are all there.
net::task<void> get(std::shared_ptr<Fetching> state, std::shared_ptr<Read> read,
                    std::shared_ptr<Memory> memory, std::uint64_t begin) {
  PlannedEntry const entry = state->archive->plan.entry(read->entry);
  std::uint64_t const size = read->stretch.size - begin;
  s3::ObjectRange const from{.bucket = entry.bucket,
                             .key = entry.key,
                             .etag = entry.etag,
                             .offset = read->stretch.offset + begin,
                             .object_size = entry.size,
                             .hedge = read->hedged,
                             .version_id = entry.version_id,
                             .modified = entry.modified};
  s3::Landing landing{.room = {memory->bytes.get(), size}};
  landing.on_arrival = [&] {
    if (read->memory != memory) return;
    read->arrived = begin + landing.arrived;
    wake_consumer(*state, *read);
  };
  std::exception_ptr failure;
  int const round = read->round;
  Clock::time_point const begun = Clock::now();
  try {
    co_await state->store->read(from, landing);
    state->read_ahead.note_read(size, Clock::now() - begun);
  } catch (...) {
    failure = std::current_exception();
  }
  if (read->round != round) {  // another GET was faster
    wake_pump(*state);         // the object store has room again
    co_return;
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
  if (read->complete()) let_go_of_slower(*state, *read);
  wake_consumer(*state, *read);
  wake_pump(*state);
}

void begin_get(std::shared_ptr<Fetching> const& state, std::shared_ptr<Read> const& read,
               std::shared_ptr<Memory> memory, std::uint64_t begin) {
  ++read->running;
  ++state->in_flight;
  ++state->gets;
  state->tasks.spawn(get(state, read, std::move(memory), begin));
}

// Waits until the read may begin, or an earlier one has to begin again before it.
net::task<void> wait_for_room(Fetching& state, std::shared_ptr<Read> read) {
  std::uint64_t const size = read->stretch.size;
  if (state.has_room(size)) co_return;
  state.to_begin = size;
  while (state.next_to_begin() == read && !state.has_room_for_a_few(size))
    co_await state.taken.wait();
  state.to_begin = 0;
}

net::task<void> begin_read(std::shared_ptr<Fetching> state, std::shared_ptr<Read> read) {
  co_await wait_for_room(*state, read);
  if (state->next_to_begin() != read) co_return;
  std::shared_ptr<Memory> memory = co_await allocate(*state, read->stretch.size);
  if (state->next_to_begin() != read || state->taker_stands_still) co_return;
  read->memory = std::move(memory);
  read->begun_at = Clock::now();
  ++state->begun_reads;
  state->bytes_ahead += read->stretch.size;
  std::string_view const content = state->archive->plan.entry(read->entry).content;
  if (content.empty()) {
    begin_get(state, read, read->memory, 0);
  } else {
    content.copy(read->memory->bytes.get(), read->stretch.size, read->stretch.offset);
    read->arrived = read->stretch.size;
    wake_consumer(*state, *read);
  }
}

// Whether the planned step is an entry whose header waits for its CRC: it comes as one block.
bool is_held_back(Fetching const& state) {
  Step const& step = state.planned_step;
  return step.needs_crc && state.planned_end == step.begin &&
         state.archive->plan.layout().entry(step.entry).form == zip::Form::stored;
}

// Puts the walk's next read behind the others; false at the walk's end.
net::task<bool> plan_read(Fetching& state) {
  while (state.planned_end == state.planned_step.end) {
    std::optional<Step> const step = state.walk.next();
    if (!step) co_return false;
    while (state.steps.size() >= limits::max_blocks_ahead) co_await state.taken.wait();
    state.steps.push_back(*step);
    state.arrived.notify_all();
    state.planned_step = *step;
    state.planned_end = step->begin;
  }
  std::uint64_t const left = state.planned_step.end - state.planned_end;
  bool const whole = left <= limits::held_entry_bytes && is_held_back(state);
  auto const read = std::make_shared<Read>();
  read->entry = state.planned_step.entry;
  // Each piece ends at a multiple of its size, so that none reaches over the end of a segment.
  std::uint64_t const segment = state.segment_bytes();
  std::uint64_t const piece = segment - state.planned_end % segment;
  read->stretch = {state.planned_end, whole ? left : std::min(piece, left)};
  state.planned_end = read->stretch.end();
  state.reads.push_back(read);
  co_return true;
}

net::task<void> begin_reads(std::shared_ptr<Fetching> state) {
  // The GETs that have begun get their turn before more begin: the first answer tells how many are
  // needed.
  constexpr std::size_t begun_in_a_row = 8;
  for (std::size_t begun = 0;;) {
    if (std::shared_ptr<Read> const next = state->next_to_begin()) {
      co_await begin_read(state, next);
      if (++begun % begun_in_a_row == 0) co_await net::yield();
    } else if (state->walk_ended) {
      co_await state->taken.wait();  // some reads may have to begin again
    } else {
      bool const planned = co_await plan_read(*state);
      if (planned) continue;
      state->walk_ended = true;
      state->arrived.notify_all();
    }
  }
}

net::task<void> pump(std::shared_ptr<Fetching> state) {
  try {
    co_await begin_reads(state);
  } catch (...) {
    state->pump_failure = std::current_exception();
  }
  state->walk_ended = true;
  state->arrived.notify_all();
}

// Blocks that the consumer does not take for a while go back to the budget if memory is scarce.
net::task<void> watch_taker(std::shared_ptr<Fetching> state) {
  for (;;) {
    co_await net::sleep(limits::untaken_blocks_looked_at_each);
    bool const stands_still = state->awaited == 0 && state->begun_reads > 0 &&
                              Clock::now() - state->last_taken >= limits::untaken_blocks_kept;
    if (!stands_still || !state->budget.is_pressed()) continue;
    state->taker_stands_still = true;
    give_back_beyond(*state, 0);
  }
}

// A second GET of the front's bytes that the consumer has not yet taken; the faster of the two
// counts.
net::task<void> hedge(std::shared_ptr<Fetching> state, std::shared_ptr<Read> read) {
  std::uint64_t const begin = read->taken;
  std::shared_ptr<Memory> memory = co_await allocate(*state, read->stretch.size - begin);
  bool const is_due = read->has_begun() && !read->complete() && !read->failure;
  if (is_due) begin_get(state, read, std::move(memory), begin);
}

// Runs while the consumer waits: looks whether the front is slower than it should be.
net::task<void> watch_front(std::shared_ptr<Fetching> state) {
  constexpr ReadAhead::Duration look_again = std::chrono::milliseconds(50);
  while (state->awaited > 0 && !state->reads.empty()) {
    std::shared_ptr<Read> const read = state->reads.front();
    auto const slow_after = state->read_ahead.slow_after(read->stretch.size);
    auto wait = std::chrono::duration_cast<std::chrono::microseconds>(look_again);
    if (slow_after && read->has_begun() && !read->hedged && state->may_hedge(*read)) {
      auto const left = read->begun_at + *slow_after - Clock::now();
      if (left.count() <= 0) {
        read->hedged = true;
        ++state->hedges;
        state->tasks.spawn(hedge(state, read));
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
                 base::Budget& budget, std::shared_ptr<PlannedArchive const> archive,
                 std::vector<base::Extent> wanted)
    : state_(loop, std::move(store), budget, std::move(archive), std::move(wanted)) {
  state_->tasks.spawn(pump(state_.shared()));
  state_->tasks.spawn(watch_taker(state_.shared()));
}

Fetcher::~Fetcher() = default;

net::task<std::optional<Step>> Fetcher::next_step() {
  Clock::time_point const asked = Clock::now();
  while (!state_->step_ready()) co_await state_->arrived.wait();
  state_->waited += Clock::now() - asked;
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
  Clock::time_point const asked = Clock::now();
  if (!state_->block_ready(least)) co_await state_->arrived.wait_for(time);
  state_->waited += Clock::now() - asked;
  state_->awaited = 0;
  co_return state_->block_ready(least);
}

net::task<Block> Fetcher::next_block(std::uint64_t least) {
  Fetching& state = *state_;
  Clock::time_point const asked = Clock::now();
  note_taker_moves(state);
  while (!state.block_ready(least)) {
    state.awaited = least;
    if (!std::exchange(state.watched, true)) {
      // Runs up to its first wait at once, and may bring the block.
      state.tasks.spawn(watch_front(state_.shared()));
      if (state.block_ready(least)) break;
    }
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
  state.last_taken = Clock::now();
  Clock::duration const waited = std::exchange(state.waited, {}) + (state.last_taken - asked);
  state.read_ahead.note_taken(size, waited, state.last_taken);
  if (read->complete()) {
    state.reads.pop_front();
    --state.begun_reads;
  }
  // The pump may have read too far ahead before it was known how slow the client is.
  std::uint64_t const needed = state.read_ahead.bytes();
  if (state.bytes_ahead > 2 * needed && state.budget.is_pressed()) give_back_beyond(state, needed);
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
  std::uint64_t const batch = state_->read_ahead.batch_bytes();
  return state_->bytes_held >= std::min(batch, state_->most_ahead() / 3);
}
void Fetcher::let_go() {
  state_->bytes_held = 0;
  note_taker_moves(*state_);
  wake_pump(*state_);
}

}  // namespace archive
