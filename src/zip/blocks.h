// Stored deflate blocks: an object as method 8, uncompressed (RFC 1951, 3.2.4).
//
//   | header 5 | 65,535 object bytes | header 5 | 65,535 object bytes | … | header 5 | the rest |
//
// A header is BFINAL and BTYPE 00 in one byte, then LEN and its complement NLEN, both
// little-endian. An object that fills its last block has no empty block after it; an empty object
// is one empty final block. Every position can be computed from the object's size alone, so that an
// executor can begin and end anywhere. Pure.
//
// An executor that writes the encoded bytes [from, to) fetches the object bytes
// [object_offset_at(from), object_offset_at(to)) and walks with run_at(): a run is either bytes of
// a header, given here, or a span of the object's own bytes, which go out uncopied.
#pragma once

#include "zip/format.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace zip {

using BlockHeader = std::array<char, block_header_size>;

// Bytes of the encoded object, headers included.
std::uint64_t blocks_size(std::uint64_t object_size);

// The header of block `block_index`, counted from 0; it must be one of the object's blocks.
BlockHeader block_header(std::uint64_t object_size, std::uint64_t block_index);

// The number of object bytes before an encoded offset; 0 ≤ encoded_offset ≤ blocks_size().
std::uint64_t object_offset_at(std::uint64_t encoded_offset);

// The place of the object's byte `object_offset` in the encoded data; object_offset < object_size.
std::uint64_t encoded_offset_of(std::uint64_t object_offset);

// The bytes at one place of the encoded data, up to the end of this header or block.
struct BlockRun {
  // For header bytes: the header; the run is its bytes [header_begin, header_begin + size).
  BlockHeader header{};
  std::uint64_t header_begin = 0;
  bool is_header = false;
  // For object bytes: the run is the object's bytes [object_offset, object_offset + size). For
  // header bytes: the place where the object continues after them.
  std::uint64_t object_offset = 0;
  std::uint64_t size = 0;

  // The bytes of a header run; they live as long as the run.
  std::string_view header_bytes() const { return {header.data() + header_begin, size}; }
};

// encoded_offset < blocks_size(object_size). The next run is at encoded_offset + size.
BlockRun run_at(std::uint64_t object_size, std::uint64_t encoded_offset);

}  // namespace zip
