#include "archive/deliver/parts.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/deadline.h"
#include "net/take.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace archive {

namespace limits = base::limits;
using Clock = std::chrono::steady_clock;

base::Extent part_extent(std::uint32_t number, std::uint64_t archive_bytes,
                         std::uint64_t part_bytes) {
  std::uint64_t const offset = (number - std::uint64_t{1}) * part_bytes;
  return {offset, std::min(part_bytes, archive_bytes - offset)};
}

// A part that is not whole yet: one piece of memory, with each byte written in its place.
struct PartsSink::Filling {
  base::Budget::Grant grant;
  std::uint32_t number = 1;
  base::Extent extent;
  std::uint64_t filled = 0;
  std::unique_ptr<char[]> memory;
};

struct PartsSink::State {
  State(net::Executor const& loop, std::uint64_t archive, std::uint64_t part, PartMemory from,
        Upload send)
      : memory(std::move(from)),
        archive_bytes(archive),
        part_bytes(part),
        upload(std::move(send)),
        tasks(loop) {}

  void drop_all() {
    for (auto const& [number, part] : filling) dropped.insert(number);
    filling.clear();
  }

  PartMemory memory;
  std::uint64_t archive_bytes;
  std::uint64_t part_bytes;
  Upload upload;
  std::map<std::uint32_t, std::shared_ptr<Filling>> filling;
  std::set<std::uint32_t> dropped;
  bool writing = false;
  Clock::time_point written_at = Clock::now();
  std::exception_ptr failure;
  net::TaskGroup tasks;  // the uploads
};

PartsSink::PartsSink(net::Executor const& loop, std::uint64_t archive_bytes,
                     std::uint64_t part_bytes, PartMemory memory, Upload upload)
    : state_(loop, archive_bytes, part_bytes, std::move(memory), std::move(upload)),
      watching_(loop) {
  watching_.spawn(watch(state_.shared()));
}

PartsSink::~PartsSink() = default;

net::task<void> PartsSink::write(std::vector<Slice> slices) {
  state_->writing = true;
  for (Slice& slice : slices) {
    co_await take(slice);
    slice.owner.reset();
  }
  state_->writing = false;
  state_->written_at = Clock::now();
}

net::task<void> PartsSink::take(Slice const& slice) {
  State& state = *state_;
  std::uint64_t offset = slice.offset;
  std::string_view bytes = slice.bytes;
  while (!bytes.empty()) {
    auto const number = static_cast<std::uint32_t>(offset / state.part_bytes + 1);
    base::Extent const extent = part_extent(number, state.archive_bytes, state.part_bytes);
    std::uint64_t const count = std::min<std::uint64_t>(bytes.size(), extent.end() - offset);
    std::string_view const here = bytes.substr(0, count);
    std::uint64_t const at = offset - extent.offset;
    offset += count;
    bytes.remove_prefix(count);
    if (state.dropped.contains(number)) continue;
    auto const known = state.filling.find(number);
    std::shared_ptr<Filling> part;
    if (known != state.filling.end()) part = known->second;
    if (!part) part = co_await begin_part(number);
    std::memcpy(part->memory.get() + at, here.data(), count);
    part->filled += count;
    if (part->filled < extent.size) continue;
    state.filling.erase(number);
    while (state.tasks.running() >= limits::parts_sent_at_once) co_await state.tasks.wait_one();
    if (state.failure) std::rethrow_exception(state.failure);
    state.tasks.spawn(send(state_.shared(), std::move(part)));
  }
}

net::task<std::shared_ptr<PartsSink::Filling>> PartsSink::begin_part(std::uint32_t number) {
  auto const part = std::make_shared<Filling>();
  part->number = number;
  part->extent = part_extent(number, state_->archive_bytes, state_->part_bytes);
  part->grant = co_await take_memory(part->extent.size);
  part->memory = std::make_unique_for_overwrite<char[]>(part->extent.size);
  state_->filling.emplace(number, part);
  co_return part;
}

// Memory of parts that are being sent comes back soon, perhaps to others first. A sink that waits
// without such parts holds no others: else some, each with a part, could wait for each other.
net::task<base::Budget::Grant> PartsSink::take_memory(std::uint64_t bytes) {
  State& state = *state_;
  PartMemory const& from = state.memory;
  std::optional<base::Budget::Grant> grant = from.budget->try_take(bytes, from.urgency);
  while (!grant && state.tasks.running() > 0 && !state.filling.empty()) {
    auto taking = net::take(*from.budget, bytes, from.urgency, from.payer);
    net::task<void> storing = net::store_result(std::move(taking), grant);
    net::task<void> all_sent = state.tasks.wait_all();
    co_await net::until(std::move(storing), std::move(all_sent));
  }
  if (grant) co_return *std::move(grant);
  state.drop_all();
  co_return co_await net::take(*from.budget, bytes, from.urgency, from.payer);
}

net::task<void> PartsSink::watch(std::shared_ptr<State> state) {
  for (;;) {
    co_await net::sleep(limits::untaken_blocks_looked_at_each);
    bool const stands_still =
        !state->writing && Clock::now() - state->written_at >= limits::untaken_blocks_kept;
    if (stands_still && state->memory.budget->is_waited_for()) state->drop_all();
  }
}

net::task<void> PartsSink::send(std::shared_ptr<State> state, std::shared_ptr<Filling> filling) {
  std::string_view const body(filling->memory.get(), filling->extent.size);
  Part const part{filling->number, base::crc32(0, body), body};
  try {
    co_await state->upload(part);
  } catch (...) {
    if (!state->failure) state->failure = std::current_exception();
  }
}

net::task<std::set<std::uint32_t>> PartsSink::finish() {
  std::shared_ptr<State> const state = state_.shared();
  co_await state->tasks.wait_all();
  if (state->failure) std::rethrow_exception(state->failure);
  base::check(state->filling.empty(), "every part has been filled or dropped");
  co_return std::move(state->dropped);
}

}  // namespace archive
