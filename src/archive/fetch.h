// The one fetcher: reads the object bytes that a walk asks for, many GETs at a time ahead of the
// cursor, and hands them on in order.
//
//   walk --steps--> pump --GETs, as many as the window and the budget allow--> blocks, in order
//
// Each block's memory is taken from the budget before its GET starts; blocks that the consumer does
// not take stop the pump, and nothing else: their connections are done and back in the pool. When
// the fetcher goes, its GETs are cancelled.
#pragma once

#include "archive/walk.h"
#include "base/budget.h"
#include "net/task.h"
#include "s3/store.h"

#include <memory>
#include <optional>
#include <span>

namespace archive {

// Bytes of one object, in memory of the budget.
struct Block {
  std::uint64_t offset = 0;  // in the object
  std::size_t size = 0;
  std::unique_ptr<char[]> memory;
  base::Budget::Grant grant;

  std::string_view bytes() const { return {memory.get(), size}; }
};

class Fetcher {
 public:
  // Runs on `loop`, where the store belongs. The budget is borrowed and outlives all.
  Fetcher(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store, base::Budget& budget,
          std::shared_ptr<Plan const> plan, std::vector<zip::Extent> wanted);
  ~Fetcher();

  // The walk's next step; nothing at its end. The blocks of the step before have all been taken.
  net::task<std::optional<Step>> next_step();
  // The next block of the step at hand. Throws what its GET failed with.
  net::task<Block> next_block();
  // Whether these need not wait.
  bool step_ready() const;
  bool block_ready() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // the GETs in flight hold it too, until they notice
};

}  // namespace archive
