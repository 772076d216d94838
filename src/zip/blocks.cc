// Arithmetic of stored deflate blocks; see blocks.h.
#include "zip/blocks.h"

#include "base/error.h"

#include <algorithm>

namespace zip {
namespace {

constexpr std::uint64_t full_block_size = block_header_size + max_block_data;

// An empty object has one block: its empty final one.
std::uint64_t block_count(std::uint64_t object_size) {
  if (object_size == 0) return 1;
  return (object_size - 1) / max_block_data + 1;
}

std::uint64_t block_data_size(std::uint64_t object_size, std::uint64_t block_index) {
  return std::min(max_block_data, object_size - block_index * max_block_data);
}

}  // namespace

std::uint64_t blocks_size(std::uint64_t object_size) {
  return object_size + block_count(object_size) * block_header_size;
}

BlockHeader block_header(std::uint64_t object_size, std::uint64_t block_index) {
  std::uint64_t const count = block_count(object_size);
  base::check(block_index < count, "the block is one of the object's");
  std::uint64_t const length = block_data_size(object_size, block_index);
  std::uint64_t const complement = ~length;
  char const final_block = block_index + 1 == count ? 1 : 0;
  return {final_block, static_cast<char>(length & 0xFF), static_cast<char>(length >> 8 & 0xFF),
          static_cast<char>(complement & 0xFF), static_cast<char>(complement >> 8 & 0xFF)};
}

std::uint64_t object_offset_at(std::uint64_t encoded_offset) {
  std::uint64_t const block = encoded_offset / full_block_size;
  std::uint64_t const inside = encoded_offset % full_block_size;
  return block * max_block_data + inside - std::min(inside, block_header_size);
}

std::uint64_t encoded_offset_of(std::uint64_t object_offset) {
  return object_offset + (object_offset / max_block_data + 1) * block_header_size;
}

BlockRun run_at(std::uint64_t object_size, std::uint64_t encoded_offset) {
  base::check(encoded_offset < blocks_size(object_size), "the offset is in the encoded object");
  std::uint64_t const block = encoded_offset / full_block_size;
  std::uint64_t const inside = encoded_offset % full_block_size;
  BlockRun run;
  run.object_offset = object_offset_at(encoded_offset);
  if (inside < block_header_size) {
    run.is_header = true;
    run.header = block_header(object_size, block);
    run.header_begin = inside;
    run.size = block_header_size - inside;
  } else {
    run.size = block_data_size(object_size, block) - (inside - block_header_size);
  }
  return run;
}

}  // namespace zip
