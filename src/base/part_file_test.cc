#include "base/part_file.h"

#include "base/error.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace base {
namespace {

namespace fs = std::filesystem;
using Existing = PartFile::Existing;

std::string read(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class PartFileTest : public testing::Test {
 protected:
  PartFileTest() {
    std::string name = (fs::temp_directory_path() / "part_file_XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ / "out";
  }
  ~PartFileTest() override { fs::remove_all(folder_); }

  void write(fs::path const& path, Existing existing = Existing::replace) const {
    PartFile file(path, existing);
    file.write("new");
    file.keep();
  }
  Fault refusal(fs::path const& path, Existing existing = Existing::replace) const {
    try {
      write(path, existing);
    } catch (Error const& error) {
      return error.fault();
    }
    return Fault::internal;
  }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (auto const& entry : fs::directory_iterator(folder_))
      found.insert(entry.path().filename().string());
    return found;
  }

  fs::path folder_, path_;
};

TEST_F(PartFileTest, what_a_link_leads_to_is_replaced_and_the_link_stays) {
  fs::create_directory(folder_ / "inner");
  std::ofstream(folder_ / "inner/target") << "old";
  fs::create_symlink("inner/target", folder_ / "second");
  fs::create_symlink(folder_ / "second", path_);
  EXPECT_EQ(refusal(path_, Existing::refuse), Fault::conflict);
  write(path_);
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_TRUE(fs::is_symlink(folder_ / "second"));
  EXPECT_EQ(read(folder_ / "inner/target"), "new");
}

TEST_F(PartFileTest, a_link_to_nothing_gets_something_to_lead_to) {
  fs::create_symlink("target", path_);
  write(path_, Existing::refuse);
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(read(folder_ / "target"), "new");
}

TEST_F(PartFileTest, links_in_a_circle_are_an_error) {
  fs::create_symlink("other", path_);
  fs::create_symlink("out", folder_ / "other");
  EXPECT_EQ(refusal(path_), Fault::conflict);
}

TEST_F(PartFileTest, what_is_neither_file_nor_link_is_not_replaced) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(is_special_file(path_));
  EXPECT_EQ(refusal(path_), Fault::conflict);
  EXPECT_TRUE(fs::is_fifo(path_));
  EXPECT_EQ(refusal(folder_), Fault::conflict);
  EXPECT_FALSE(is_special_file(folder_));
  EXPECT_FALSE(is_special_file(folder_ / "nothing"));
}

TEST_F(PartFileTest, somebody_elses_part_file_is_left_alone) {
  std::ofstream(folder_ / "out.part") << "precious";
  {
    PartFile file(path_, Existing::refuse);
    file.write("new");
    EXPECT_EQ(names().size(), 2U);
    file.keep();
  }
  EXPECT_EQ(read(folder_ / "out.part"), "precious");
  EXPECT_EQ(read(path_), "new");
  EXPECT_EQ(names(), (std::set<std::string>{"out", "out.part"}));
}

TEST_F(PartFileTest, a_link_of_the_part_files_name_is_not_written_through) {
  std::ofstream(folder_ / "precious") << "precious";
  fs::create_symlink("precious", folder_ / "out.part");
  write(path_);
  EXPECT_EQ(read(folder_ / "precious"), "precious");
  EXPECT_EQ(read(path_), "new");
}

TEST_F(PartFileTest, what_a_dead_process_of_ours_left_is_written_anew) {
  fs::path const part = folder_ / "out.part";
  std::ofstream(part) << "longer than the new one";
  if (setxattr(part.c_str(), "user.s3zipper.part", "", 0, 0) != 0)
    GTEST_SKIP() << "this file system has no attributes";
  write(path_);
  EXPECT_EQ(read(path_), "new");
  EXPECT_EQ(names(), std::set<std::string>{"out"});
  EXPECT_LT(getxattr(path_.c_str(), "user.s3zipper.part", nullptr, 0), 0) << "a whole file";
}

TEST_F(PartFileTest, the_replaced_files_mode_stays) {
  std::ofstream(path_) << "old";
  fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
  write(path_);
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace base
