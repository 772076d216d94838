// The sink that cuts an archive into the parts of a multipart upload and uploads each as soon as
// its last byte is there; parts fill in any order, several are sent at a time.
//
// Each part takes its memory from the budget when its first byte comes, and gives it back when it
// has been sent. A part that is not whole may be dropped: its bytes are let go, and it is to be
// made by another walk. That happens
// - where the next part finds no memory, and no part is being sent that would give some back: so
//   the sink holds nothing while it waits, and goes on with the memory of one part;
// - where no byte has come for a while, as the object store stalls, and others wait for memory.
// Blocks go back to the fetcher's budget when their bytes have been copied here.
#pragma once

#include "archive/deliver/sink.h"
#include "base/budget.h"
#include "net/event.h"
#include "net/task_group.h"
#include "zip/layout.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace archive {

// A part that is whole. Its bytes live while it is being sent.
struct Part {
  std::uint32_t number = 1;
  std::uint32_t crc = 0;
  std::string_view body;
};

// Where the memory of parts comes from. The budget is borrowed.
struct PartMemory {
  base::Budget* budget = nullptr;
  base::Budget::Urgency urgency = base::Budget::Urgency::can_wait;
  std::string payer;  // the account
};

class PartsSink final : public Sink {
 public:
  // Sends one part; runs beside others, and perhaps for a moment after the sink has gone: it shares
  // all that it refers to.
  using Upload = std::function<net::task<void>(Part const&)>;

  PartsSink(net::Executor const& loop, std::uint64_t archive_bytes, std::uint64_t part_bytes,
            PartMemory memory, Upload upload);
  ~PartsSink() override;

  bool in_order() const override { return false; }
  net::task<void> write(std::vector<Slice> slices) override;
  // Waits until all whole parts have been sent; throws the error of the first that failed. Tells
  // the parts that were dropped.
  net::task<std::set<std::uint32_t>> finish();

 private:
  struct Filling;
  struct State;
  static net::task<void> send(std::shared_ptr<State> state, std::shared_ptr<Filling> filling);
  static net::task<void> watch(std::shared_ptr<State> state);
  net::task<void> take(Slice const& slice);
  net::task<std::shared_ptr<Filling>> begin_part(std::uint32_t number);
  net::task<base::Budget::Grant> take_memory(std::uint64_t bytes);

  net::SharedState<State> state_;  // the uploads in flight hold it too
  net::TaskGroup watching_;
};

// The stretch of the archive that part `number` (from 1) holds.
base::Extent part_extent(std::uint32_t number, std::uint64_t archive_bytes,
                         std::uint64_t part_bytes);

}  // namespace archive
