// Earlier zips of the same sources, among the selected objects.
#include "archive/select/own_zips.h"
#include "archive/testing/select_test_store.h"

namespace archive {
namespace {

class OwnZipsTest : public SelectTest {
 protected:
  OwnZipsTest() { store_->buckets()["photos"].clear(); }

  void put_zip_of(Names const& paths, std::string const& key) {
    Request made = request_;
    made.paths = paths;
    store_->put("photos", key, Content(key)).metadata = {
        {std::string(job_metadata), "1"}, {std::string(sources_metadata), sources_digest(made)}};
  }
  Names left_out(Names const& paths) { return selected(paths).left_out.own_zips; }
};

TEST_F(OwnZipsTest, of_the_same_sources_are_left_out_wherever_they_lie_and_told) {
  store_->put("photos", "d/a.txt", Content("a"));
  for (char const* key : {"d/backup-2026-01-01.zip", "d/sub/old.ZIP", "d/zips/x.zip"})
    put_zip_of({"d"}, key);
  EXPECT_EQ(keys({"d"}), Names{"photos:d/a.txt"}) << "in a download";
  EXPECT_EQ(left_out({"d"}), (Names{"photos/d/backup-2026-01-01.zip", "photos/d/sub/old.ZIP",
                                    "photos/d/zips/x.zip"}));
  request_.target_key = "elsewhere/new.zip";
  progress_.entries_total = 0;
  progress_.bytes_total = 0;
  EXPECT_EQ(keys({"d/"}), Names{"photos:d/a.txt"}) << "in a job";
  EXPECT_EQ(progress_.entries_total, 1U);
  EXPECT_EQ(progress_.bytes_total, 1U);
}

TEST_F(OwnZipsTest, of_other_sources_are_files_like_any) {
  put_zip_of({"albums/one"}, "zips/one.zip");
  put_zip_of({"albums/two"}, "zips/two.zip");
  store_->put("photos", "zips/foreign.zip", Content("f"));
  store_->put("photos", "zips/older.zip", Content("o")).metadata = {
      {std::string(job_metadata), "1"}};
  request_.target_key = "zips/all.zip";
  EXPECT_EQ(keys({"zips"}).size(), 4U);
  EXPECT_EQ(left_out({"zips"}), Names());
  request_.rules = {{true, "one.zip"}};
  EXPECT_EQ(keys({"zips"}), Names{"photos:zips/one.zip"});
}

TEST_F(OwnZipsTest, that_are_named_are_taken_before_and_behind_their_folder) {
  store_->put("photos", "d/a.txt", Content("a"));
  Names const folder_first{"d", "d/first.zip"};
  put_zip_of(folder_first, "d/first.zip");
  put_zip_of(folder_first, "d/second.zip");
  EXPECT_EQ(keys(folder_first), (Names{"photos:d/a.txt", "photos:d/first.zip"}));
  EXPECT_EQ(keys({"d/first.zip", "d"}), (Names{"photos:d/first.zip", "photos:d/a.txt"}));
  EXPECT_EQ(left_out(folder_first), Names{"photos/d/second.zip"});
  request_.target_key = "d/first.zip";
  EXPECT_EQ(keys(folder_first), Names{"photos:d/a.txt"}) << "but not what this zip is written to";
  EXPECT_EQ(left_out(folder_first), (Names{"photos/d/first.zip", "photos/d/second.zip"}));
}

TEST_F(OwnZipsTest, are_taken_where_the_request_says_so) {
  store_->put("photos", "d/a.txt", Content("a"));
  put_zip_of({"d"}, "d/old.zip");
  request_.own_zips = OwnZips::include;
  EXPECT_EQ(keys({"d"}).size(), 2U);
  EXPECT_EQ(store_->heads, 1U) << "of the path: nothing is asked about zips";
}

TEST_F(OwnZipsTest, alone_are_nothing_to_zip_and_the_error_says_so) {
  put_zip_of({"d"}, "d/old.zip");
  EXPECT_EQ(fault({"d"}), Fault::not_found);
  EXPECT_NE(message_.find("1 earlier zips of the same sources"), std::string::npos) << message_;
  EXPECT_NE(message_.find("s3://photos/d/old.zip"), std::string::npos) << message_;
  EXPECT_NE(message_.find("ownZips=include"), std::string::npos) << message_;
}

// A zip of unknown sources must not go in this time and stay out the next.
TEST_F(OwnZipsTest, that_the_store_does_not_tell_of_fail_the_selection) {
  store_->put("photos", "d/a.txt", Content("a"));
  put_zip_of({"d"}, "d/old.zip");
  store_->forbidden = {"photos/d/old.zip"};
  EXPECT_EQ(keys({"d"}).size(), 2U) << "one that may not be looked at is taken as it was listed";
  store_->forbidden.clear();
  store_->unanswered_heads = {"photos/d/old.zip"};
  EXPECT_EQ(fault({"d"}), Fault::unavailable);
}

TEST_F(OwnZipsTest, are_known_also_where_they_were_replaced_since_the_listing) {
  store_->put("photos", "d/a.txt", Content("a"));
  put_zip_of({"d"}, "d/old.zip");
  store_->changes_after_listing = "d/old.zip";
  EXPECT_EQ(keys({"d"}), Names{"photos:d/a.txt"});
}

}  // namespace
}  // namespace archive
