#include "cli/unpack_folder.h"

#include "base/error.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace cli {
namespace {

using base::Error;
using Existing = UnpackFolder::Existing;
namespace fs = std::filesystem;

std::string read(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class UnpackFolderTest : public testing::Test {
 protected:
  UnpackFolderTest() {
    std::string name = (fs::temp_directory_path() / "unpack_folder_XXXXXX").string();
    root_ = mkdtemp(name.data());
    inside_ = root_ / "in" / "side";
  }
  ~UnpackFolderTest() override { fs::remove_all(root_); }

  void unpack(std::string const& name, Existing existing = Existing::refuse) {
    UnpackFolder const folder(inside_, existing);
    auto const file = folder.create_file(name, false);
    file->write("con");
    file->write("tent");
    file->keep(1'000'000'000);
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (auto const& found : fs::recursive_directory_iterator(root_))
      count += !found.is_directory();
    return count;
  }

  fs::path root_, inside_;
};

TEST_F(UnpackFolderTest, files_get_their_folders_content_and_time) {
  unpack("a/b/c.txt");
  EXPECT_EQ(read(inside_ / "a/b/c.txt"), "content");
  struct stat found{};
  ASSERT_EQ(stat((inside_ / "a/b/c.txt").c_str(), &found), 0);
  EXPECT_EQ(found.st_mtime, 1'000'000'000);
  unpack("a//./d.txt");
  EXPECT_TRUE(exists(inside_ / "a/d.txt"));
}

TEST_F(UnpackFolderTest, folders_are_made_and_get_their_time) {
  UnpackFolder const folder(inside_, Existing::refuse);
  folder.make_folder("x/y/");
  folder.make_folder("x/y/");
  folder.set_time("x/y/", 1'000'000'000);
  struct stat found{};
  ASSERT_EQ(stat((inside_ / "x/y").c_str(), &found), 0);
  EXPECT_EQ(found.st_mtime, 1'000'000'000);
}

TEST_F(UnpackFolderTest, names_that_leave_it_are_refused) {
  for (char const* name : {"../x", "a/../../x", "/x", "..", "a/..", "//x"}) {
    EXPECT_THROW(unpack(name), Error) << name;
    EXPECT_THROW(UnpackFolder(inside_, Existing::refuse).make_folder(name), Error) << name;
  }
  EXPECT_EQ(files(), 0U);
  EXPECT_NO_THROW(check_entry_name("a..b/..c/d.."));
}

TEST_F(UnpackFolderTest, links_are_not_followed) {
  fs::create_directories(inside_);
  fs::create_directories(root_ / "outside");
  fs::create_directory_symlink(root_ / "outside", inside_ / "link");
  EXPECT_THROW(unpack("link/x"), Error);
  std::ofstream(root_ / "outside/target") << "old";
  fs::create_symlink(root_ / "outside/target", inside_ / "file");
  EXPECT_THROW(unpack("file"), Error);
  unpack("file", Existing::replace);
  EXPECT_EQ(read(root_ / "outside/target"), "old") << "the link itself was replaced";
  EXPECT_EQ(read(inside_ / "file"), "content");
}

TEST_F(UnpackFolderTest, what_exists_is_replaced_only_where_that_was_asked_for) {
  unpack("a");
  EXPECT_THROW(unpack("a"), Error);
  EXPECT_NO_THROW(unpack("a", Existing::replace));
  EXPECT_THROW(unpack("a/b"), Error) << "a file is no folder";
  EXPECT_EQ(files(), 1U);
}

TEST_F(UnpackFolderTest, what_is_no_regular_file_is_never_replaced) {
  fs::create_directories(inside_ / "folder");
  ASSERT_EQ(mkfifo((inside_ / "pipe").c_str(), 0600), 0);
  for (char const* name : {"folder", "pipe"})
    EXPECT_THROW(unpack(name, Existing::replace), Error) << name;
  EXPECT_TRUE(fs::is_fifo(inside_ / "pipe"));
  EXPECT_EQ(files(), 1U) << "nothing but the pipe";
}

TEST_F(UnpackFolderTest, of_a_file_that_is_not_kept_nothing_is_left) {
  UnpackFolder const folder(inside_, Existing::refuse);
  folder.create_file("a", false)->write("half");
  EXPECT_EQ(files(), 0U);
}

}  // namespace
}  // namespace cli
