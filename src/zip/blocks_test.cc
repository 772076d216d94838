// Stored deflate blocks: golden bytes, an independent inflater (zlib), and the mapping between
// offsets of the object and of its encoded form, both ways.
#include "zip/blocks.h"

#include <algorithm>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

namespace zip {
namespace {

using namespace std::string_view_literals;

std::string object_of(std::uint64_t size) {
  std::string object(size, '\0');
  for (std::size_t i = 0; i < object.size(); ++i) object[i] = static_cast<char>(i * 7 + i / 251);
  return object;
}

// An executor's work: the encoded bytes [from, to), made from the object bytes it would fetch.
std::string encoded(std::string_view object, std::uint64_t from, std::uint64_t to) {
  std::uint64_t const fetched_from = object_offset_at(from);
  std::string_view const fetched = object.substr(fetched_from, object_offset_at(to) - fetched_from);
  std::string out;
  while (from < to) {
    BlockRun const run = run_at(object.size(), from);
    std::uint64_t const size = std::min(run.size, to - from);
    if (run.is_header) {
      out += run.header_bytes().substr(0, size);
    } else {
      out += fetched.substr(run.object_offset - fetched_from, size);
    }
    from += size;
  }
  return out;
}

std::string encoded(std::string_view object) {
  return encoded(object, 0, blocks_size(object.size()));
}

std::string inflated(std::string const& deflated, std::size_t expected_size) {
  std::string out(expected_size + 1, '\0');
  z_stream stream{};
  inflateInit2(&stream, -MAX_WBITS);
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(deflated.data()));
  stream.avail_in = static_cast<uInt>(deflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U) << "the final block is the last";
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Blocks, an_empty_object_is_one_empty_final_block) {
  EXPECT_EQ(encoded(""), "\x01\x00\x00\xFF\xFF"sv);
}

TEST(Blocks, one_byte_is_one_final_block) {
  EXPECT_EQ(encoded("x"), "\x01\x01\x00\xFE\xFFx"sv);
}

TEST(Blocks, a_full_block_is_final_and_nothing_follows) {
  std::string const bytes = encoded(object_of(65'535));
  EXPECT_EQ(bytes.size(), 65'540U);
  EXPECT_EQ(bytes.substr(0, 5), "\x01\xFF\xFF\x00\x00"sv);
}

TEST(Blocks, one_byte_more_opens_a_second_block) {
  std::string const bytes = encoded(object_of(65'536));
  EXPECT_EQ(bytes.size(), 65'546U);
  EXPECT_EQ(bytes.substr(0, 5), "\x00\xFF\xFF\x00\x00"sv);
  EXPECT_EQ(bytes.substr(65'540, 5), "\x01\x01\x00\xFE\xFF"sv);
}

TEST(Blocks, zlib_inflates_them_to_the_object) {
  for (std::uint64_t const size :
       {0U, 1U, 65'534U, 65'535U, 65'536U, 131'070U, 131'071U, 300'000U}) {
    std::string const object = object_of(size);
    EXPECT_TRUE(inflated(encoded(object), size) == object) << size;
  }
}

TEST(Blocks, any_range_is_a_slice_of_the_whole) {
  for (std::uint64_t const size : {0U, 1U, 65'535U, 65'536U, 131'070U, 200'001U}) {
    std::string const object = object_of(size);
    std::string const whole = encoded(object);
    std::vector<std::uint64_t> cuts;
    for (std::uint64_t near = 0; near <= whole.size(); near += 65'540) {
      for (std::uint64_t d = 0; d <= 7; ++d) {
        if (near + d <= whole.size()) cuts.push_back(near + d);
        if (near >= d) cuts.push_back(near - d);
      }
    }
    cuts.push_back(whole.size());
    for (std::uint64_t const from : cuts) {
      for (std::uint64_t const to : cuts) {
        if (from > to) continue;
        ASSERT_TRUE(encoded(object, from, to) == whole.substr(from, to - from))
            << "size " << size << ", bytes " << from << " to " << to;
      }
    }
  }
}

// Aim: the two mappings are each other's inverse on object bytes, header bytes belong to the byte
// after them, and runs agree with both; at block boundaries near and far, and at random.
TEST(Blocks, offsets_map_both_ways) {
  std::uint64_t const seed = 20'221;
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> offsets;
  for (std::uint64_t const block : {0ULL, 1ULL, 2ULL, 65'537ULL, 65'538ULL, 1ULL << 40}) {
    for (std::uint64_t const inside : {0ULL, 1ULL, 4ULL, 5ULL, 6ULL, 65'534ULL})
      offsets.push_back(block * 65'535 + inside);
  }
  for (int i = 0; i < 2'000; ++i) offsets.push_back(random() >> (2 + random() % 60));
  for (std::uint64_t const offset : offsets) {
    std::uint64_t const at = encoded_offset_of(offset);
    EXPECT_EQ(object_offset_at(at), offset);
    EXPECT_EQ(object_offset_at(at + 1), offset + 1);
    std::uint64_t const size = offset + 1 + random() % 200'000;
    BlockRun const run = run_at(size, at);
    EXPECT_FALSE(run.is_header);
    EXPECT_EQ(run.object_offset, offset);
    EXPECT_EQ(run.size, std::min(65'535 - offset % 65'535, size - offset));
    if (offset % 65'535 != 0) continue;
    for (std::uint64_t back = 1; back <= 5; ++back) {
      BlockRun const header = run_at(size, at - back);
      EXPECT_TRUE(header.is_header);
      EXPECT_EQ(header.size, back);
      EXPECT_EQ(header.object_offset, offset);
      EXPECT_EQ(object_offset_at(at - back), offset);
    }
  }
}

TEST(Blocks, runs_cover_the_encoded_object_and_add_up_to_it) {
  for (std::uint64_t const size : {0ULL, 1ULL, 65'535ULL, 65'536ULL, 10'000'000ULL}) {
    std::uint64_t encoded_offset = 0;
    std::uint64_t object_offset = 0;
    while (encoded_offset < blocks_size(size)) {
      BlockRun const run = run_at(size, encoded_offset);
      ASSERT_GT(run.size, 0U);
      EXPECT_EQ(run.object_offset, object_offset);
      encoded_offset += run.size;
      if (!run.is_header) object_offset += run.size;
    }
    EXPECT_EQ(encoded_offset, blocks_size(size));
    EXPECT_EQ(object_offset, size);
    EXPECT_EQ(object_offset_at(blocks_size(size)), size);
  }
}

TEST(Blocks, sizes_of_objects_that_nobody_holds_in_memory) {
  EXPECT_EQ(blocks_size(std::uint64_t{65'535} << 32), std::uint64_t{65'540} << 32);
  EXPECT_EQ(blocks_size((std::uint64_t{65'535} << 32) + 1), (std::uint64_t{65'540} << 32) + 6);
}

TEST(BlocksDeathTest, a_place_outside_the_object_stops_the_program) {
  EXPECT_DEATH(run_at(10, 15), "the offset is in the encoded object");
  EXPECT_DEATH(block_header(65'535, 1), "the block is one of the object's");
}

}  // namespace
}  // namespace zip
