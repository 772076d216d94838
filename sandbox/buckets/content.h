// The bytes of an opened object, wherever they are: sent to a client, or read to be copied.
#pragma once

#include "http/ranges.h"
#include "net/blocking.h"
#include "sandbox/buckets/bucket.h"
#include "sandbox/buckets/virtual_content.h"
#include "sandbox/faults/wire.h"

#include <cstdint>
#include <optional>
#include <span>

namespace sandbox {

// Writes the range as the body of an answer that has been started. Files go by sendfile.
net::task<void> send_content(Wire& wire, net::BlockingPool& pool, Opened const& opened,
                             base::Extent range);

// Blocks.
class ContentReader {
 public:
  explicit ContentReader(Opened const& opened);  // borrowed
  // Fills `into`; the object has enough bytes from `offset` on.
  void read(std::uint64_t offset, std::span<char> into);

 private:
  void read_extents(std::uint64_t offset, std::span<char> into);

  Opened const& opened_;
  std::optional<VirtualContent> computed_;
  std::size_t open_extent_ = 0;
  File extent_file_;
};

}  // namespace sandbox
