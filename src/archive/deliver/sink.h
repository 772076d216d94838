// The destination of an archive's bytes: an HTTP client, the parts of an S3 object, a file.
#pragma once

#include "net/task.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace archive {

// Bytes and their place in the archive. A copy of `owner` keeps the bytes.
struct Slice {
  std::uint64_t offset = 0;
  std::string_view bytes;
  std::shared_ptr<void const> owner;
};

class Sink {
 public:
  virtual ~Sink() = default;

  // True if bytes must come in the order of the archive. If not, a header whose CRC is not known
  // yet comes after its entry's data.
  virtual bool in_order() const = 0;
  // Takes all slices; waits as long as the sink is full.
  virtual net::task<void> write(std::vector<Slice> slices) = 0;
};

}  // namespace archive
