// The one fetcher: reads the object bytes that a walk asks for, many GETs at a time ahead of the
// cursor, and hands them on in order, as they arrive.
//
//   walk --steps--> pump --GETs, as many as read_ahead.h says--> blocks, in order
//
// Each GET's memory is taken from the budget before it starts; blocks that the consumer does not
// take stop the pump, and nothing else: their connections are done and back in the pool. If memory
// is scarce, such blocks go back to the budget and are read again when their turn comes. A GET that
// the consumer waits for and that is slower than its like gets a second one beside it, and the
// faster counts. When the fetcher goes, its GETs are cancelled.
#pragma once

#include "archive/deliver/walk.h"
#include "base/budget.h"
#include "net/task.h"
#include "net/task_group.h"
#include "s3/store.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace archive {

// Bytes of one object, in memory of the budget.
struct Block {
  std::uint64_t offset = 0;  // in the object
  std::string_view bytes;
  std::shared_ptr<void const> owner;  // of the bytes
};

struct Fetching;

class Fetcher {
 public:
  // Runs on `loop`, the object store's own. The budget is borrowed and outlives all GETs.
  Fetcher(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store, base::Budget& budget,
          std::shared_ptr<PlannedArchive const> archive, std::vector<base::Extent> wanted);
  ~Fetcher();

  // The walk's next step; nullopt at its end. All blocks of the step before have been taken.
  net::task<std::optional<Step>> next_step();
  // The next bytes of the step at hand: at least `least` of them, fewer only at the end of the step
  // and of each segment of limits::segment_bytes. Throws the error of their GET.
  net::task<Block> next_block(std::uint64_t least);
  // Whether the next block is there, within this time.
  net::task<bool> block_within(std::uint64_t least, std::chrono::microseconds time);
  // Whether next_step() and next_block() need not wait.
  bool step_ready() const;
  bool block_ready(std::uint64_t least) const;

  // Whether the consumer holds as many bytes as it may: then it hands them on, and lets go of them
  // all.
  bool holds_enough() const;
  void let_go();

 private:
  net::SharedState<Fetching> state_;  // the GETs in flight hold it too
};

}  // namespace archive
