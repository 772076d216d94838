#include "base/heap.h"

#include "base/limits.h"

#include <cstring>
#include <memory>

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Heap, resident_bytes_count_what_was_written_to) {
  constexpr std::size_t size = 64 * limits::MiB;
  std::uint64_t const before = resident_bytes();
  auto const block = std::make_unique_for_overwrite<char[]>(size);
  std::memset(block.get(), 1, size);
  EXPECT_GE(resident_bytes(), before + size / 2);
  EXPECT_EQ(block[size - 1], 1);
}

}  // namespace
}  // namespace base
