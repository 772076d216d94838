#include "archive/deliver/parts.h"

#include "base/digest.h"
#include "base/error.h"

#include <algorithm>
#include <cstring>

namespace archive {

base::Extent part_extent(std::uint32_t number, std::uint64_t archive_bytes,
                         std::uint64_t part_bytes) {
  std::uint64_t const offset = (number - std::uint64_t{1}) * part_bytes;
  return {offset, std::min(part_bytes, archive_bytes - offset)};
}

// A part that is not whole yet: one piece of memory, with each byte written in its place.
struct PartsSink::Filling {
  std::uint32_t number = 1;
  base::Extent extent;
  std::uint64_t filled = 0;
  std::unique_ptr<char[]> memory;
};

struct PartsSink::State {
  State(net::Executor const& loop, std::uint64_t archive, std::uint64_t part, std::size_t most,
        base::Budget::Grant grant, Upload send)
      : memory(std::move(grant)),
        archive_bytes(archive),
        part_bytes(part),
        most_uploading(most),
        upload(std::move(send)),
        tasks(loop) {}

  base::Budget::Grant memory;  // first, so that it goes back last
  std::uint64_t archive_bytes;
  std::uint64_t part_bytes;
  std::size_t most_uploading;
  Upload upload;
  std::map<std::uint32_t, std::shared_ptr<Filling>> filling;
  std::exception_ptr failure;
  net::TaskGroup tasks;
};

PartsSink::PartsSink(net::Executor const& loop, std::uint64_t archive_bytes,
                     std::uint64_t part_bytes, std::size_t most_uploading,
                     base::Budget::Grant memory, Upload upload)
    : state_(loop, archive_bytes, part_bytes, most_uploading, std::move(memory),
             std::move(upload)) {}

PartsSink::~PartsSink() = default;

net::task<void> PartsSink::write(std::vector<Slice> slices) {
  for (Slice& slice : slices) {
    co_await take(slice);
    slice.owner.reset();
  }
}

net::task<void> PartsSink::take(Slice const& slice) {
  std::uint64_t offset = slice.offset;
  std::string_view bytes = slice.bytes;
  while (!bytes.empty()) {
    auto const number = static_cast<std::uint32_t>(offset / state_->part_bytes + 1);
    std::shared_ptr<Filling>& part = state_->filling[number];
    if (!part) {
      part = std::make_shared<Filling>();
      part->number = number;
      part->extent = part_extent(number, state_->archive_bytes, state_->part_bytes);
      part->memory = std::make_unique_for_overwrite<char[]>(part->extent.size);
    }
    std::uint64_t const at = offset - part->extent.offset;
    std::uint64_t const count = std::min<std::uint64_t>(bytes.size(), part->extent.size - at);
    std::memcpy(part->memory.get() + at, bytes.data(), count);
    part->filled += count;
    offset += count;
    bytes.remove_prefix(count);
    if (part->filled < part->extent.size) continue;
    std::shared_ptr<Filling> const whole = part;
    state_->filling.erase(number);
    while (state_->tasks.running() >= state_->most_uploading) co_await state_->tasks.wait_one();
    if (state_->failure) std::rethrow_exception(state_->failure);
    state_->tasks.spawn(send(state_.shared(), whole));
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

net::task<void> PartsSink::finish() {
  std::shared_ptr<State> const state = state_.shared();
  co_await state->tasks.wait_all();
  if (state->failure) std::rethrow_exception(state->failure);
  base::check(state->filling.empty(), "every part has been filled");
}

}  // namespace archive
