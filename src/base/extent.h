// A stretch of bytes.
#pragma once

#include <cstdint>

namespace base {

struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  std::uint64_t end() const { return offset + size; }
  bool operator==(Extent const&) const = default;
};

}  // namespace base
