// The coroutine type of the program. A task starts when it is awaited and runs on the thread of
// the event loop it was spawned on; it never changes threads.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace net {

// A task runs on one event loop, one thread.
using Executor = boost::asio::io_context::executor_type;

template <class T = void>
using task = boost::asio::awaitable<T, Executor>;

// The loop that the calling task runs on.
task<Executor> this_loop();
// Lets the loop's other tasks that are ready run first.
task<void> yield();

}  // namespace net
