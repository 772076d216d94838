// The coroutine type of the program. A task starts when it is awaited and runs on the thread of
// the event loop it was spawned on; it never changes threads.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace net {

// Where a task runs: one event loop, one thread.
using Executor = boost::asio::io_context::executor_type;

template <class T = void>
using task = boost::asio::awaitable<T, Executor>;

// The loop that the asking task runs on.
task<Executor> this_loop();
// Lets the other tasks of the loop that are ready go first.
task<void> yield();

}  // namespace net
