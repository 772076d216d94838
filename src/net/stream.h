// A connection's bytes, in both directions: plain TCP or TLS. All layers above use this interface.
//
// Not thread-safe: a stream belongs to the event loop it was made on. At most one read and one
// write are under way at a time. Each operation fails with Error{timeout} when no byte moved for
// the idle timeout, with {disconnected} when the peer is gone, with base::Cancelled when its task
// was cancelled or the stream was closed here.
#pragma once

#include "net/task.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace net {

class Stream {
 public:
  virtual ~Stream() = default;

  // Reads at least one byte, or 0 at the end of the stream. `into` is not empty.
  virtual task<std::size_t> read_some(std::span<char> into) = 0;
  // Writes all pieces, in order. The bytes must live until the task is done.
  virtual task<void> write(std::span<std::string_view const> pieces) = 0;
  // Writes `count` bytes of an open file from `offset`; Error{corrupt} if the file ends before.
  virtual task<void> write_file(int file, std::uint64_t offset, std::uint64_t count) = 0;

  virtual void set_idle_timeout(std::chrono::milliseconds timeout) = 0;
  // True if the connection is open and the peer has sent nothing: fit for another request.
  virtual bool quiet() const = 0;
  // True if the peer is known to have ended its side, or the connection is broken: the peer sends
  // no more, and most likely is gone.
  virtual bool peer_ended() const = 0;
  // Ends the writing side: the peer sees the end, and can go on sending.
  virtual void end_writing() = 0;
  // Ends both directions at once; pending operations fail.
  virtual void close() = 0;
  // The same by a TCP reset: bytes on the way may be lost, and the peer sees an error.
  virtual void reset() = 0;
  // The peer's address, "127.0.0.1:4711", for logs and limits.
  virtual std::string_view peer() const = 0;
};

}  // namespace net
