#include "archive/deliver/file_sink.h"

#include "base/error.h"
#include "net/runtime.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace archive {
namespace {

using base::Error;
using base::Fault;
using Existing = FileSink::Existing;

std::string read(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Slice> in_wrong_order() {
  return {{.offset = 3, .bytes = "def", .owner = nullptr},
          {.offset = 0, .bytes = "abc", .owner = nullptr}};
}

net::task<void> write_and_finish(FileSink& sink) {
  co_await sink.write(in_wrong_order());
  co_await sink.finish();
}

net::task<void> write_only(Sink& sink) {
  co_await sink.write(in_wrong_order());
}

class FileSinkTest : public testing::Test {
 protected:
  FileSinkTest() {
    std::string name = (std::filesystem::temp_directory_path() / "file_sink_XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ / "out.zip";
    part_ = folder_ / "out.zip.part";
  }
  ~FileSinkTest() override { std::filesystem::remove_all(folder_); }

  Fault refusal(Existing existing, std::uint64_t size = 6) {
    try {
      FileSink sink(pool_, path_, size, existing);
      net::run_to_end(write_and_finish(sink));
    } catch (Error const& error) {
      return error.fault();
    }
    return Fault::internal;
  }

  std::filesystem::path folder_, path_, part_;
  net::BlockingPool pool_{1};
};

TEST_F(FileSinkTest, a_file_gets_its_name_when_it_is_whole) {
  FileSink sink(pool_, path_, 6, Existing::refuse);
  net::run_to_end(write_only(sink));
  EXPECT_FALSE(exists(path_));
  EXPECT_EQ(read(part_), "abcdef");
  net::run_to_end(write_and_finish(sink));
  EXPECT_EQ(read(path_), "abcdef");
  EXPECT_FALSE(exists(part_));
}

TEST_F(FileSinkTest, without_an_end_nothing_is_left) {
  {
    FileSink sink(pool_, path_, 6, Existing::refuse);
    net::run_to_end(write_only(sink));
  }
  EXPECT_TRUE(is_empty(folder_));
}

TEST_F(FileSinkTest, an_existing_file_is_replaced_only_where_that_was_asked_for) {
  std::ofstream(path_) << "old";
  EXPECT_EQ(refusal(Existing::refuse), Fault::conflict);
  EXPECT_EQ(read(path_), "old");
  EXPECT_FALSE(exists(part_));
  EXPECT_EQ(refusal(Existing::replace), Fault::internal);
  EXPECT_EQ(read(path_), "abcdef");
}

TEST_F(FileSinkTest, a_file_that_came_meanwhile_is_not_replaced) {
  FileSink sink(pool_, path_, 6, Existing::refuse);
  std::ofstream(path_) << "new";
  EXPECT_THROW(net::run_to_end(write_and_finish(sink)), Error);
  EXPECT_EQ(read(path_), "new");
}

TEST_F(FileSinkTest, one_part_file_has_one_writer) {
  FileSink const first(pool_, path_, 6, Existing::refuse);
  EXPECT_EQ(refusal(Existing::refuse), Fault::conflict);
  EXPECT_TRUE(exists(part_)) << "the first one's";
}

TEST_F(FileSinkTest, a_folder_that_is_missing_is_said_so) {
  path_ = folder_ / "missing" / "out.zip";
  EXPECT_EQ(refusal(Existing::refuse), Fault::conflict);
}

TEST_F(FileSinkTest, a_closed_pipe_is_an_error) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::signal(SIGPIPE, SIG_IGN);
  close(ends[0]);
  DescriptorSink sink(pool_, ends[1], "the pipe");
  try {
    net::run_to_end(write_only(sink));
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.fault(), Fault::disconnected);
  }
  close(ends[1]);
}

}  // namespace
}  // namespace archive
