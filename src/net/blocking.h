// Calls that block (the database, mail) run on a small pool of threads; the calling task waits
// without holding up its event loop.
#pragma once

#include "net/task.h"

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace net {

class BlockingPool {
 public:
  explicit BlockingPool(std::size_t threads);
  ~BlockingPool();  // finishes the queued calls
  BlockingPool(BlockingPool const&) = delete;
  BlockingPool& operator=(BlockingPool const&) = delete;

  // Runs `call` on the pool; the task goes on where it was. Throws whatever `call` throws.
  task<void> run(std::function<void()> call);

  // The same, and returns the result of `call`.
  template <class F>
  auto get(F call) -> task<decltype(call())> {
    if constexpr (std::is_void_v<decltype(call())>) {
      std::function<void()> making = [&call] { call(); };
      co_await run(std::move(making));
    } else {
      std::optional<decltype(call())> result;
      std::function<void()> storing = [&result, &call] { result.emplace(call()); };
      co_await run(std::move(storing));
      co_return std::move(*result);
    }
  }

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace net
