// Blocks from the heap and from the file, its bounds, and the memory that the file's pages take.
#include "base/lists/list_memory.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/lists/arena.h"
#include "base/lists/long_list.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace base {
namespace {

constexpr std::size_t block_bytes = ListMemory::block_bytes;
constexpr std::uint64_t step_bytes = limits::list_file_step_bytes;

ListMemory::Options in_file(std::uint64_t file_bytes = 1 * limits::GiB) {
  return {.folder = testing::TempDir(), .heap_bytes = 0, .file_bytes = file_bytes};
}

Fault fault_of_taking(ListMemory& memory, std::string& message) {
  std::vector<ListMemory::Block> blocks;
  try {
    for (;;) blocks.push_back(memory.take());
  } catch (Error const& error) {
    message = error.what();
    return error.fault();
  }
}

// The process's memory that mappings of the file take.
std::uint64_t resident_of_file() {
  std::ifstream maps("/proc/self/smaps");
  std::uint64_t kilobytes = 0;
  bool of_file = false;
  for (std::string line; std::getline(maps, line);) {
    if (line.find("s3zipper-lists-") != std::string::npos) of_file = true;
    if (!of_file || !line.starts_with("Rss:")) continue;
    kilobytes += std::stoull(line.substr(4));
    of_file = false;
  }
  return kilobytes * limits::KiB;
}

TEST(ListMemory, is_heap_up_to_the_allowance_then_file) {
  ListMemory::Options options = in_file();
  options.heap_bytes = 2 * block_bytes;
  ListMemory memory(options);
  std::vector<ListMemory::Block> blocks;
  for (int i = 0; i < 2; ++i) blocks.push_back(memory.take());
  EXPECT_EQ(memory.heap_bytes(), 2 * block_bytes);
  EXPECT_EQ(memory.file_bytes(), 0U);
  for (int i = 0; i < 2; ++i) blocks.push_back(memory.take());
  EXPECT_EQ(memory.heap_bytes(), 2 * block_bytes);
  EXPECT_EQ(memory.file_bytes(), step_bytes);
  blocks.erase(blocks.begin());  // room in the heap again
  blocks.push_back(memory.take());
  EXPECT_EQ(memory.heap_bytes(), 2 * block_bytes);
  blocks.clear();
  EXPECT_EQ(memory.heap_bytes(), 0U);
  EXPECT_EQ(memory.file_bytes(), 0U) << "the file goes with the last block in it";
}

TEST(ListMemory, leaves_no_name_in_the_folder) {
  std::string const folder = testing::TempDir() + "/list_memory_names";
  std::filesystem::create_directories(folder);
  ListMemory memory({.folder = folder, .heap_bytes = 0, .file_bytes = step_bytes});
  ListMemory::Block const block = memory.take();
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove(folder);
}

TEST(ListMemory, says_that_the_file_may_not_grow) {
  ListMemory memory(in_file(2 * step_bytes));
  std::string message;
  EXPECT_EQ(fault_of_taking(memory, message), Fault::unavailable);
  EXPECT_NE(message.find("too large"), std::string::npos) << message;
  EXPECT_EQ(memory.file_bytes(), 0U);
  ListMemory::Block const again = memory.take();  // the freed block is there
  EXPECT_NE(again.bytes(), nullptr);
}

TEST(ListMemory, says_that_there_is_no_such_folder) {
  ListMemory memory({.folder = "/does/not/exist", .heap_bytes = 0, .file_bytes = step_bytes});
  std::string message;
  EXPECT_EQ(fault_of_taking(memory, message), Fault::unavailable);
  EXPECT_NE(message.find("/does/not/exist"), std::string::npos) << message;
}

// A limit of the process stands for a full disk: reserving space fails with either.
TEST(ListMemory, a_disk_without_room_is_an_error_and_no_signal) {
  auto* const before_signal = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit const little{.rlim_cur = step_bytes + 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
  ListMemory memory(in_file());
  std::string message;
  Fault const fault = fault_of_taking(memory, message);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, before_signal);
  EXPECT_EQ(fault, Fault::unavailable);
  EXPECT_EQ(memory.file_bytes(), 0U);
}

TEST(ListMemory, keeps_little_of_a_long_list_in_memory) {
  ListMemory memory(in_file());
  LongList<std::uint64_t> list(memory);
  std::uint64_t const count = 8 * limits::MiB;  // 64 MiB
  // If pages come in by sixteen, each end of a used stretch brings some more.
  std::uint64_t const most = limits::least_list_window_bytes + limits::MiB;
  for (std::uint64_t i = 0; i < count; ++i) {
    list.push_back(i * 3);
    if (i % limits::MiB == 0) ASSERT_LE(resident_of_file(), most) << i;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    ASSERT_EQ(list[i], i * 3);
    if (i % limits::MiB == 0) ASSERT_LE(resident_of_file(), most) << i;
  }
}

TEST(ListMemory, may_be_used_by_many_threads) {
  ListMemory memory(in_file());
  auto const work = [&memory](std::uint64_t seed) {
    for (int round = 0; round < 3; ++round) {
      LongList<std::uint64_t> list(memory);
      for (std::uint64_t i = 0; i < 300'000; ++i) list.push_back(i ^ seed);
      for (std::uint64_t i = 0; i < list.size(); ++i) ASSERT_EQ(list[i], i ^ seed);
    }
  };
  std::vector<std::jthread> threads;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) threads.emplace_back(work, seed << 40);
  threads.clear();
  EXPECT_EQ(memory.file_bytes(), 0U);
}

TEST(LongList, rows_before_an_index_give_back_their_memory) {
  ListMemory memory;
  LongList<std::uint64_t> list(memory);
  std::size_t const in_block = block_bytes / sizeof(std::uint64_t);
  for (std::uint64_t i = 0; i < 4 * in_block; ++i) list.push_back(i);
  list.free_before(2 * in_block - 1);
  EXPECT_EQ(memory.heap_bytes(), 3 * block_bytes);
  EXPECT_EQ(list[2 * in_block - 1], 2 * in_block - 1);
  list.shrink(3 * in_block);
  EXPECT_EQ(memory.heap_bytes(), 2 * block_bytes);
  EXPECT_EQ(list.back(), 3 * in_block - 1);
}

TEST(Arena, texts_stay_where_they_are_long_ones_too) {
  ListMemory memory(in_file());
  Arena arena(memory);
  std::vector<std::string_view> kept;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 500; ++i) {
    std::size_t const size = i % 50 == 0 ? block_bytes + i : i;
    expected.emplace_back(size, static_cast<char>('a' + i % 26));
    kept.push_back(arena.store(expected.back()));
  }
  for (std::size_t i = 0; i < kept.size(); ++i) ASSERT_EQ(kept[i], expected[i]) << i;
  EXPECT_GE(arena.memory_bytes(), 10 * block_bytes);
}

}  // namespace
}  // namespace base
