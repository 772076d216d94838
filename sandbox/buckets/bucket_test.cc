// A bucket on a real folder: odd keys, files put by hand, and the remains of a killed process.
#include "sandbox/buckets/bucket.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "sandbox/buckets/content.h"
#include "sandbox/calls/upload_completion.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

namespace fs = std::filesystem;
using namespace std::literals;

class BucketTest : public testing::Test {
 protected:
  BucketTest() : root_(fs::temp_directory_path() / ("sandbox-test-" + base::random_text(12))) {
    fs::create_directories(content());
    restart();
  }
  ~BucketTest() override {
    bucket_.reset();
    fs::remove_all(root_);
  }

  fs::path content() const { return root_ / "bucket"; }
  fs::path hidden() const { return root_ / "hidden"; }
  void restart() {
    bucket_.reset();
    bucket_ = std::make_unique<Bucket>(content(), hidden(), virtual_objects_);
  }

  // A new object as a PutObject would write it, up to the put.
  Object draft(std::string const& text) {
    NewFile file = bucket_->new_file();
    write_all(file.file, text);
    Object object;
    object.etag = base::hex(base::md5(text));
    object.size = text.size();
    object.place = Place::data;
    object.data = bucket_->finished(file, text.size());
    return object;
  }
  void put(std::string const& key, std::string const& text) {
    bucket_->put(key, draft(text), Condition{});
  }
  // The content, compared with the ETag where that is an MD5; "(none)" for no object.
  std::string get(std::string const& key) {
    auto const opened = bucket_->open(key);
    if (!opened) return "(none)";
    std::string text(opened->object->size, '\0');
    ContentReader(*opened).read(0, text);
    std::string const& etag = opened->object->etag;
    if (etag.size() == 32) EXPECT_EQ(etag, base::hex(base::md5(text))) << key;
    return text;
  }
  std::vector<std::string> keys() {
    std::vector<std::string> all;
    for (auto const& item : bucket_->list({}).items) all.push_back(item.key);
    return all;
  }
  void by_hand(std::string const& path, std::string const& text) {
    fs::create_directories((content() / path).parent_path());
    std::ofstream(content() / path) << text;
  }
  std::size_t data_file_count() const {
    auto const entries = fs::directory_iterator(hidden() / "data");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }
  std::string journal() const { return read_text(hidden() / "journal"); }
  std::string upload(std::string const& key, std::vector<std::string> const& parts) {
    Upload head;
    head.key = key;
    std::string const id = bucket_->uploads().create(head);
    std::uint32_t number = 0;
    for (std::string const& text : parts) {
      Object const object = draft(text);
      UploadPart part;
      part.size = text.size();
      part.md5 = object.etag;
      part.crc32 = base::crc32(0, text);
      bucket_->uploads().put_part(key, id, ++number,
                                  object.data->path(object.data->extents().front()), part);
    }
    return id;
  }
  std::vector<NamedPart> named(std::string const& key, std::string const& id) {
    std::vector<NamedPart> all;
    for (auto const& [number, part] : bucket_->uploads().find(key, id).parts)
      all.push_back({.number = number, .etag = part.md5, .crc32 = {}});
    return all;
  }
  CompletionRequest all_of(std::string const& key, std::string const& id) {
    CompletionRequest request;
    request.parts = named(key, id);
    return request;
  }

  fs::path const root_;
  Index virtual_objects_;
  std::unique_ptr<Bucket> bucket_;
};

std::string code_of_failure(std::function<void()> const& deed) {
  try {
    deed();
  } catch (base::Error const& error) {
    return error.code();
  }
  return "";
}

TEST_F(BucketTest, ordinary_keys_are_plain_files) {
  put("a/b/c.txt", "hello");
  EXPECT_EQ(read_text(content() / "a/b/c.txt"), "hello");
  EXPECT_EQ(get("a/b/c.txt"), "hello");
  EXPECT_EQ(data_file_count(), 0U);
  bucket_->remove("a/b/c.txt");
  EXPECT_TRUE(fs::is_empty(content()));
}

TEST_F(BucketTest, every_key_is_its_own_object_before_and_after_a_restart) {
  std::vector<std::string> const odd{"..",
                                     "../bucket/x",
                                     "../x",
                                     "/",
                                     "//",
                                     "/a",
                                     "a",
                                     "a/",
                                     "a/./b",
                                     "a//b",
                                     "a/b",
                                     "a/b/",
                                     "a/b/c",
                                     "b\0c"s,
                                     "c\nd",
                                     "\xff",
                                     std::string(300, 'x'),
                                     std::string(1024, 'y'),
                                     std::string(512, '/')};
  std::vector<std::string> sorted = odd;
  std::ranges::sort(sorted);
  for (std::string const& key : odd) put(key, "content of " + key);
  for (int round = 0; round < 2; ++round) {
    for (std::string const& key : odd) EXPECT_EQ(get(key), "content of " + key);
    EXPECT_EQ(keys(), sorted);
    restart();
  }
  for (auto const& entry : fs::directory_iterator(root_))
    EXPECT_TRUE(entry.path() == content() || entry.path() == hidden()) << entry.path();
  for (std::string const& key : odd) bucket_->remove(key);
  EXPECT_TRUE(bucket_->empty());
  EXPECT_EQ(data_file_count(), 0U);
  EXPECT_TRUE(fs::is_empty(content()));
}

TEST_F(BucketTest, files_put_there_by_hand_are_objects_and_go_with_their_files) {
  by_hand("dir/one", "1");
  EXPECT_EQ(get("dir/one"), "1");
  restart();
  by_hand("dir/two", "22");
  by_hand("new/deep/three", "333");
  fs::remove(content() / "dir/one");
  EXPECT_FALSE(bucket_->empty());  // looks again at once
  EXPECT_EQ(keys(), (std::vector<std::string>{"dir/two", "new/deep/three"}));
  fs::remove_all(content() / "new");
  fs::remove(content() / "dir/two");
  EXPECT_TRUE(bucket_->empty());
}

TEST_F(BucketTest, a_file_changed_by_hand_is_another_version) {
  put("key", "first");
  std::string const etag = bucket_->find("key")->etag;
  by_hand("key", "changed");
  EXPECT_EQ(get("key"), "changed");
  EXPECT_NE(bucket_->find("key")->etag, etag);
  EXPECT_TRUE(bucket_->find("key")->etag.ends_with("-1"));
  restart();
  EXPECT_EQ(get("key"), "changed");
}

TEST_F(BucketTest, symbolic_links_are_neither_shown_nor_followed) {
  fs::create_directories(root_ / "outside");
  std::ofstream(root_ / "outside/secret") << "secret";
  fs::create_symlink(root_ / "outside", content() / "link");
  fs::create_symlink(root_ / "outside/secret", content() / "file");
  restart();
  EXPECT_TRUE(keys().empty());
  EXPECT_EQ(get("link/secret"), "(none)");
  EXPECT_EQ(get("file"), "(none)");
  put("link/secret", "mine");
  put("file", "mine too");
  EXPECT_EQ(get("link/secret"), "mine");
  EXPECT_EQ(get("file"), "mine too");
  EXPECT_EQ(read_text(root_ / "outside/secret"), "secret");
  bucket_->remove("link/secret");
  EXPECT_EQ(read_text(root_ / "outside/secret"), "secret");
}

TEST_F(BucketTest, an_open_object_stays_readable_when_its_key_is_put_or_removed) {
  put("a//b", "first");
  auto const opened = bucket_->open("a//b");
  put("a//b", "second!");
  bucket_->remove("a//b");
  std::string text(5, '\0');
  ContentReader(*opened).read(0, text);
  EXPECT_EQ(text, "first");
}

TEST_F(BucketTest, conditions_of_a_put) {
  EXPECT_EQ(code_of_failure([&] { bucket_->put("k", draft("x"), {.absent = false, .etag = "e"}); }),
            "NoSuchKey");
  bucket_->put("k", draft("first"), {.absent = true, .etag = {}});
  EXPECT_EQ(code_of_failure([&] { bucket_->put("k", draft("x"), {.absent = true, .etag = {}}); }),
            "PreconditionFailed");
  std::string const etag = bucket_->find("k")->etag;
  bucket_->put("k", draft("second"), {.absent = false, .etag = etag});
  EXPECT_EQ(
      code_of_failure([&] { bucket_->put("k", draft("x"), {.absent = false, .etag = etag}); }),
      "PreconditionFailed");
  EXPECT_EQ(get("k"), "second");
  EXPECT_EQ(data_file_count(), 0U);  // refused puts left no file
}

// ---- a process that was killed

TEST_F(BucketTest, killed_between_the_line_and_the_file_the_old_object_is_there) {
  put("key", "old");
  std::string line = journal();
  line.replace(line.find("inode="), 6, "inode=9");  // the line of a file that never came
  std::ofstream(hidden() / "journal", std::ios::app) << line;
  std::ofstream(hidden() / "data/leftover") << "new";
  restart();
  EXPECT_EQ(get("key"), "old");
  EXPECT_EQ(bucket_->find("key")->etag, base::hex(base::md5("old")));
  EXPECT_EQ(data_file_count(), 0U);
}

TEST_F(BucketTest, killed_within_a_line_it_counts_for_nothing) {
  put("a", "1");
  put("b//", "2");
  for (std::string_view const cut : {"put=c", "put=c&etag=1&size=5&place=computed&seed=c"}) {
    std::ofstream(hidden() / "journal", std::ios::app) << cut;
    restart();
    EXPECT_EQ(keys(), (std::vector<std::string>{"a", "b//"}));
    EXPECT_EQ(get("b//"), "2");
    put("d", "4");
    restart();
    EXPECT_EQ(get("d"), "4");
    bucket_->remove("d");
  }
}

TEST_F(BucketTest, killed_before_a_replaced_file_was_removed_the_old_object_is_there) {
  put("key", "old");
  fs::create_hard_link(content() / "key", root_ / "kept");
  std::string const id = upload("key", {std::string(70 << 20, 'x'), "end"});
  complete_upload(*bucket_, "key", id, all_of("key", id));
  EXPECT_FALSE(fs::exists(content() / "key"));
  fs::rename(root_ / "kept", content() / "key");  // as if the kill had come before
  restart();
  EXPECT_EQ(get("key"), "old");
  EXPECT_EQ(bucket_->find("key")->etag, base::hex(base::md5("old")));
  EXPECT_TRUE(fs::is_empty(hidden() / "uploads"));
}

TEST_F(BucketTest, a_file_that_comes_back_by_hand_is_never_removed) {
  put("gone", "deleted");
  put("moved", "away");
  for (char const* const key : {"gone", "moved"})
    fs::create_hard_link(content() / key, root_ / key);
  bucket_->remove("gone");
  fs::remove(content() / "moved");
  EXPECT_EQ(get("moved"), "(none)");
  restart();
  EXPECT_TRUE(keys().empty());
  for (char const* const key : {"gone", "moved"}) fs::rename(root_ / key, content() / key);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(get("gone"), "deleted");
    EXPECT_EQ(get("moved"), "away");
    restart();
  }
}

TEST_F(BucketTest, uploads_go_on_after_a_restart_and_leave_nothing_behind) {
  std::string const big(5 << 20, 'p');
  std::string const id = upload("dir/key", {big, "tail"});
  restart();
  ASSERT_EQ(bucket_->uploads().list().size(), 1U);
  ASSERT_EQ(named("dir/key", id).size(), 2U);
  complete_upload(*bucket_, "dir/key", id, all_of("dir/key", id));
  EXPECT_EQ(get("dir/key"), big + "tail");
  EXPECT_EQ(fs::file_size(content() / "dir/key"), big.size() + 4);  // joined: one plain file
  EXPECT_TRUE(fs::is_empty(hidden() / "uploads"));
  EXPECT_EQ(data_file_count(), 0U);
  // A second completion gives the same object; an unknown upload does not.
  EXPECT_EQ(complete_upload(*bucket_, "dir/key", id, {})->upload_id, id);
  EXPECT_EQ(code_of_failure([&] { complete_upload(*bucket_, "dir/key", "other", {}); }),
            "NoSuchUpload");
}

TEST_F(BucketTest, parts_of_a_large_object_stay_where_they_are_until_it_goes) {
  std::string const big(33 << 20, 'p');
  std::string const id = upload("key", {big, big, "tail"});
  complete_upload(*bucket_, "key", id, all_of("key", id));
  restart();
  EXPECT_EQ(get("key"), big + big + "tail");
  EXPECT_TRUE(bucket_->uploads().list().empty());
  put("key", "small");
  EXPECT_TRUE(fs::is_empty(hidden() / "uploads"));
  restart();
  EXPECT_EQ(get("key"), "small");
}

TEST_F(BucketTest, refused_completions_leave_the_upload_as_it_was) {
  std::string const big(5 << 20, 'p');
  std::string const id = upload("key", {big, "small", "last"});
  auto const all = named("key", id);
  auto const complete = [&](std::vector<NamedPart> parts) {
    CompletionRequest request;
    request.parts = parts;
    return code_of_failure([&] { complete_upload(*bucket_, "key", id, request); });
  };
  EXPECT_EQ(complete(all), "EntityTooSmall");
  EXPECT_EQ(complete({all[2], all[0]}), "InvalidPartOrder");
  EXPECT_EQ(complete({all[0], all[0]}), "InvalidPartOrder");
  EXPECT_EQ(complete({{.number = 1, .etag = all[1].etag, .crc32 = {}}}), "InvalidPart");
  EXPECT_EQ(complete({{.number = 7, .etag = all[1].etag, .crc32 = {}}}), "InvalidPart");
  EXPECT_EQ(complete({{.number = 1, .etag = all[0].etag, .crc32 = "AAAAAA=="}}), "InvalidPart");
  EXPECT_EQ(complete({all[0], all[2]}), "");
  EXPECT_EQ(get("key"), big + "last");
}

TEST_F(BucketTest, what_belongs_to_nothing_is_removed_at_the_start) {
  std::string const id = upload("key", {"one"});
  std::ofstream(hidden() / "data/stray") << "x";
  fs::remove(hidden() / "uploads" / id / "upload");  // killed within an abort
  restart();
  EXPECT_EQ(data_file_count(), 0U);
  EXPECT_TRUE(fs::is_empty(hidden() / "uploads"));
}

TEST_F(BucketTest, virtual_objects_stay_deleted_or_replaced_after_a_restart) {
  for (std::string const key : {"v/1", "v/2", "v/3"})
    virtual_objects_.emplace(key, std::make_shared<Object const>(computed_object(key, 10, 0)));
  restart();
  EXPECT_EQ(keys(), (std::vector<std::string>{"v/1", "v/2", "v/3"}));
  bucket_->remove("v/1");
  put("v/2", "mine");
  restart();
  EXPECT_EQ(keys(), (std::vector<std::string>{"v/2", "v/3"}));
  EXPECT_EQ(get("v/2"), "mine");
}

TEST_F(BucketTest, the_journal_is_rewritten_when_most_of_it_is_history) {
  virtual_objects_.emplace("v", std::make_shared<Object const>(computed_object("v", 10, 0)));
  restart();
  bucket_->remove("v");
  put("odd//", "kept");
  put("plain", "kept too");
  for (int i = 0; i < 1200; ++i) put("again", std::to_string(i));
  restart();
  EXPECT_LT(journal().size(), 1000U);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(keys(), (std::vector<std::string>{"again", "odd//", "plain"}));
    EXPECT_EQ(get("again"), "1199");
    EXPECT_EQ(get("odd//"), "kept");
    EXPECT_EQ(bucket_->find("plain")->etag, base::hex(base::md5("kept too")));
    restart();
  }
}

}  // namespace
}  // namespace sandbox
