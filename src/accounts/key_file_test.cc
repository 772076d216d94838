#include "accounts/key_file.h"

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace accounts {
namespace {

class KeyFile : public testing::Test {
 protected:
  KeyFile()
      : folder_(std::filesystem::temp_directory_path() / ("s3zipper-keys-" + base::random_uuid())) {
    std::filesystem::create_directory(folder_);
  }
  ~KeyFile() override { std::filesystem::remove_all(folder_); }

  std::string path(std::string const& name) const { return (folder_ / name).string(); }

  std::string write(std::string const& name, std::string const& text, mode_t mode = 0600) const {
    std::ofstream(path(name), std::ios::binary) << text;
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }

  static std::string content(std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::set<std::string> names() const {
    std::set<std::string> out;
    for (auto const& entry : std::filesystem::directory_iterator(folder_)) {
      out.insert(entry.path().filename().string());
    }
    return out;
  }

  std::filesystem::path const folder_;
};

std::string const good_text = "s3zipper-key-1:" + std::string(64, 'a') + "\n";

void expect_refused(std::vector<std::string> const& paths, std::string const& what) {
  try {
    load_keys(paths);
    ADD_FAILURE() << "loaded; expected: " << what;
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::config);
    EXPECT_NE(error.message().find(paths.back()), std::string::npos) << error.message();
    EXPECT_NE(error.message().find(what), std::string::npos) << error.message();
  }
}

TEST_F(KeyFile, is_made_once_for_its_owner_only_and_loaded_from_then_on) {
  std::vector<std::string> const paths{path("master.key")};
  std::string const first = load_or_create_keys(paths).fingerprint();
  struct stat about{};
  ASSERT_EQ(::stat(paths[0].c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600U);
  EXPECT_EQ(names(), std::set<std::string>{"master.key"});
  std::string const text = content(paths[0]);
  EXPECT_EQ(text.size(), good_text.size());
  EXPECT_TRUE(text.starts_with("s3zipper-key-1:"));

  EXPECT_EQ(load_or_create_keys(paths).fingerprint(), first);
  EXPECT_EQ(load_keys(paths).fingerprint(), first);
  EXPECT_EQ(content(paths[0]), text);
}

TEST_F(KeyFile, two_new_files_hold_two_keys) {
  std::vector<std::string> const one{path("1")};
  std::vector<std::string> const two{path("2")};
  EXPECT_NE(load_or_create_keys(one).fingerprint(), load_or_create_keys(two).fingerprint());
}

TEST_F(KeyFile, many_that_start_at_once_agree_on_one_key) {
  std::vector<std::string> const paths{path("master.key")};
  std::vector<std::string> prints(8);
  std::vector<std::thread> threads;
  for (std::string& print : prints) {
    threads.emplace_back([&] { print = load_or_create_keys(paths).fingerprint(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::string>(prints.begin(), prints.end()).size(), 1U);
  EXPECT_EQ(names(), std::set<std::string>{"master.key"});
}

TEST_F(KeyFile, of_a_list_the_first_is_made_and_the_others_must_exist) {
  std::string const old_file = write("old.key", good_text);
  std::vector<std::string> const old_list{old_file};
  std::vector<std::string> const list{path("new.key"), old_file};
  Keys const keys = load_or_create_keys(list);
  EXPECT_EQ(keys.count(), 2U);
  Keys const before = load_keys(old_list);
  EXPECT_NE(keys.fingerprint(), before.fingerprint());
  EXPECT_EQ(keys.open(before.seal("text", "job"), "job").reveal(), "text");

  std::vector<std::string> const missing{path("new.key"), path("nowhere.key")};
  EXPECT_THROW(load_or_create_keys(missing), base::Error);
  EXPECT_FALSE(std::filesystem::exists(path("nowhere.key")));
}

TEST_F(KeyFile, what_others_can_read_or_change_is_refused_with_the_command_that_mends_it) {
  for (mode_t mode : {0640U, 0604U, 0620U, 0666U, 0601U}) {
    expect_refused({write("loose.key", good_text, mode)}, "run: chmod 600 " + path("loose.key"));
  }
  EXPECT_EQ(load_keys(std::vector{write("tight.key", good_text, 0400)}).count(), 1U);
}

TEST_F(KeyFile, malformed_files_are_refused_by_name) {
  std::string const hex(64, 'a');
  std::vector<std::string> const wrong{"",
                                       "\n",
                                       hex,
                                       "s3zipper-key-1:",
                                       "s3zipper-key-2:" + hex + "\n",
                                       "s3zipper-key-1:" + hex.substr(1) + "\n",
                                       "s3zipper-key-1:" + hex + "a\n",
                                       "s3zipper-key-1:" + hex + "\n\n",
                                       "s3zipper-key-1:" + hex.substr(1) + "g\n",
                                       "s3zipper-key-1:" + hex.substr(2) + " a\n",
                                       "s3zipper-key-1:" + hex.substr(1) + std::string(1, '\0'),
                                       std::string(100'000, 'a')};
  for (std::string const& text : wrong) {
    expect_refused({write("wrong.key", text)}, "is not a key file");
  }
}

TEST_F(KeyFile, capital_digits_and_a_missing_line_end_are_read) {
  std::string const capital = write("capital.key", "s3zipper-key-1:" + std::string(64, 'A'));
  std::string const small = write("small.key", good_text);
  EXPECT_EQ(load_keys(std::vector{capital}).fingerprint(),
            load_keys(std::vector{small}).fingerprint());
}

TEST_F(KeyFile, what_is_no_file_is_refused) {
  expect_refused({path("missing.key")}, "does not exist");
  expect_refused({folder_.string()}, "is not a regular file");
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  expect_refused({path("pipe")}, "is not a regular file");
  std::vector<std::string> const nowhere{path("no-folder/master.key")};
  EXPECT_THROW(load_or_create_keys(nowhere), base::Error);
}

}  // namespace
}  // namespace accounts
