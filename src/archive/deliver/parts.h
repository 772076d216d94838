// The sink that cuts an archive into the parts of a multipart upload and uploads each as soon as
// its last byte is there; parts fill in any order, several are sent at a time.
//
// Its memory is the grant that it is given: for parts that fill and parts that are sent, all of the
// same size but the last. Blocks go back to the fetcher's budget when their bytes have been copied
// here.
#pragma once

#include "archive/deliver/sink.h"
#include "base/budget.h"
#include "net/event.h"
#include "net/task_group.h"
#include "zip/layout.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace archive {

// A part that is whole. Its bytes live while it is being sent.
struct Part {
  std::uint32_t number = 1;
  std::uint32_t crc = 0;
  std::string_view body;
};

class PartsSink final : public Sink {
 public:
  // Sends one part; runs beside others, and perhaps for a moment after the sink has gone: it shares
  // all that it refers to.
  using Upload = std::function<net::task<void>(Part const&)>;

  // `most_uploading`: parts being sent at a time. `memory` goes back when the last of them is gone.
  PartsSink(net::Executor const& loop, std::uint64_t archive_bytes, std::uint64_t part_bytes,
            std::size_t most_uploading, base::Budget::Grant memory, Upload upload);
  ~PartsSink() override;

  bool in_order() const override { return false; }
  net::task<void> write(std::vector<Slice> slices) override;
  // Waits until all whole parts have been sent; throws the error of the first that failed.
  net::task<void> finish();

 private:
  struct Filling;
  struct State;
  static net::task<void> send(std::shared_ptr<State> state, std::shared_ptr<Filling> filling);
  net::task<void> take(Slice const& slice);

  net::SharedState<State> state_;  // the uploads in flight hold it too
};

// The stretch of the archive that part `number` (from 1) holds.
base::Extent part_extent(std::uint32_t number, std::uint64_t archive_bytes,
                         std::uint64_t part_bytes);

}  // namespace archive
