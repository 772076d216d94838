// A limit on the time of a whole call: when it passes, the task is cancelled and waited for. The
// limit costs some 5 µs, so it is for calls; the Stream's idle timeout watches bytes.
#pragma once

#include "net/task.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace net {

// Throws Error{timeout} that names `what` ("GET object") when `limit` passes first.
task<void> with_deadline(task<void> work, std::chrono::milliseconds limit, std::string what);

template <class T>
task<void> store_result(task<T> work, std::optional<T>& result) {
  result = co_await std::move(work);
}

template <class T>
task<T> with_deadline(task<T> work, std::chrono::milliseconds limit, std::string what) {
  std::optional<T> result;
  task<void> storing = store_result(std::move(work), result);
  co_await with_deadline(std::move(storing), limit, std::move(what));
  co_return std::move(*result);
}

// Runs `work` until it ends, or until `end` ends and cancels it; either way both have ended. True
// if `work` came first. An exception of the first one is thrown on.
task<bool> until(task<void> work, task<void> end);

task<void> sleep(std::chrono::microseconds time);

}  // namespace net
