// An event that happens once, such as the end of a job or the stop of the server. Its listeners may
// be on any event loop.
#pragma once

#include "net/task.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace net {

// Thread-safe.
class Latch {
 public:
  using Call = std::function<void()>;

  void set();
  bool is_set() const { return set_; }

  // Has `call` made on `loop` once the latch is set (soon, if it is set already), unless the
  // returned handle has gone by then; the handle must go on that loop.
  std::shared_ptr<void> listen(Executor const& loop, Call call);

 private:
  struct Listener {
    Executor loop;
    std::weak_ptr<Call> call;
  };
  static void tell(Listener const& listener);
  void forget_the_gone();

  std::atomic<bool> set_ = false;
  std::mutex mutex_;
  std::vector<Listener> listeners_;
  std::size_t many_ = 16;  // listeners_ are looked through when there are this many
};

// Waits until a latch is set or `limit` has passed; true if one is set. base::Cancelled when the
// waiting task is cancelled.
task<bool> wait_any(std::vector<Latch*> latches, std::chrono::milliseconds limit);

}  // namespace net
