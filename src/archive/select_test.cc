// What the paths of a request stand for, against a store with several buckets.
#include "archive/select.h"

#include "archive/inspect.h"
#include "archive/lookup.h"
#include "archive/memory_store.h"
#include "base/error.h"
#include "net/runtime.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using base::Error;
using base::Fault;
using Names = std::vector<std::string>;

TEST(PlaceOf, drops_a_leading_slash_and_the_own_bucket) {
  struct Case {
    char const* path;
    char const* key;
  };
  for (Case const& one :
       {Case{"a/b.txt", "a/b.txt"}, Case{"/a/b.txt", "a/b.txt"}, Case{"//a", "/a"},
        Case{"photos/a/b.txt", "a/b.txt"}, Case{"/photos/a", "a"}, Case{"photos", ""},
        Case{"photos/", ""}, Case{"/", ""}, Case{"{{bucket}}/a", "a"}, Case{"{{bucket}}", ""},
        Case{"photos/photos/a", "photos/a"}, Case{"photos2/a", "photos2/a"},
        Case{"a%20b+c", "a%20b+c"}, Case{"folder/", "folder/"}}) {
    EXPECT_EQ(place_of(one.path, "photos"), (Place{"photos", one.key})) << one.path;
  }
}

TEST(OtherPlaceOf, takes_the_first_segment_for_a_bucket) {
  EXPECT_EQ(other_place_of("other/a/b"), (Place{"other", "a/b"}));
  EXPECT_EQ(other_place_of("/my.dotted.bucket/a"), (Place{"my.dotted.bucket", "a"}));
  EXPECT_EQ(other_place_of("other"), (Place{"other", ""}));
  EXPECT_EQ(other_place_of("other/"), (Place{"other", ""}));
  EXPECT_EQ(other_place_of("ab/c"), std::nullopt);
  EXPECT_EQ(other_place_of("with space/c"), std::nullopt);
  EXPECT_EQ(other_place_of("/"), std::nullopt);
}

net::task<void> select_into(std::shared_ptr<MemoryStore> store, Request request, Progress& progress,
                            std::optional<Selection>& selection) {
  selection = co_await select(store, std::move(request), progress);
}

class SelectTest : public testing::Test {
 protected:
  SelectTest() : store_(std::make_shared<MemoryStore>(5)) {
    for (char const* key : {"a.txt", "dir/", "dir/one.txt", "dir/sub/two.txt", "dirt.txt",
                            "other/inside.txt", "both", "both/below.txt"})
      store_->put("photos", key, Content(key));
    for (char const* key : {"x.txt", "deep/y.txt", "deep/z.txt"})
      store_->put("other", key, Content(key));
    store_->buckets()["empty"];
    request_.bucket = "photos";
  }

  Selection selected(Names const& paths) {
    std::optional<Selection> selection;
    request_.paths = paths;
    net::run_to_end(select_into(store_, request_, progress_, selection));
    return std::move(*selection);
  }
  Names keys(Names const& paths) {
    Names keys;
    Selection const selection = selected(paths);
    for (std::size_t i = 0; i < selection.objects.size(); ++i) {
      SelectedObject const& object = selection.objects[i];
      keys.push_back(std::string(object.bucket) + ":" + std::string(object.key));
    }
    return keys;
  }
  Fault fault(Names const& paths) {
    try {
      selected(paths);
    } catch (Error const& error) {
      message_ = error.what();
      return error.fault();
    }
    return Fault::internal;
  }

  std::shared_ptr<MemoryStore> store_;
  Request request_;
  Progress progress_;
  std::string message_;
};

TEST_F(SelectTest, files_folders_and_buckets_are_found) {
  EXPECT_EQ(keys({"a.txt"}), Names{"photos:a.txt"});
  EXPECT_EQ(keys({"/photos/a.txt"}), Names{"photos:a.txt"});
  Names const folder{"photos:dir/", "photos:dir/one.txt", "photos:dir/sub/two.txt"};
  EXPECT_EQ(keys({"dir"}), folder) << "and not dirt.txt";
  EXPECT_EQ(keys({"dir/"}), folder);
  EXPECT_EQ(keys({"{{bucket}}/dir"}), folder);
  EXPECT_EQ(keys({"dir/sub"}), Names{"photos:dir/sub/two.txt"});
  EXPECT_EQ(keys({"photos"}).size(), 8U);
}

TEST_F(SelectTest, what_is_both_a_file_and_a_folder_is_the_file_unless_a_slash_is_there) {
  EXPECT_EQ(keys({"both"}), Names{"photos:both"});
  EXPECT_EQ(keys({"both/"}), Names{"photos:both/below.txt"});
}

TEST_F(SelectTest, what_is_not_in_the_own_bucket_is_looked_for_in_another) {
  EXPECT_EQ(keys({"other/x.txt"}), Names{"other:x.txt"});
  EXPECT_EQ(keys({"/other/deep"}), (Names{"other:deep/y.txt", "other:deep/z.txt"}));
  EXPECT_EQ(keys({"other/inside.txt"}), Names{"photos:other/inside.txt"}) << "the own one first";
  EXPECT_EQ(keys({"other"}), Names{"photos:other/inside.txt"});
  store_->buckets()["photos"].erase("other/inside.txt");
  EXPECT_EQ(keys({"other"}).size(), 3U);
}

TEST_F(SelectTest, exact_paths_name_their_bucket_and_nothing_else_is_tried) {
  request_.exact_paths = true;
  EXPECT_EQ(keys({"other/x.txt"}), Names{"other:x.txt"});
  EXPECT_EQ(keys({"other"}).size(), 3U) << "not the folder of that name";
  EXPECT_EQ(fault({"photos/photos"}), Fault::not_found);
}

TEST_F(SelectTest, an_exact_path_that_matches_nothing_is_named_as_it_was_written) {
  request_.exact_paths = true;
  EXPECT_EQ(fault({"photos/nothing"}), Fault::not_found);
  EXPECT_NE(message_.find("s3://photos/nothing"), std::string::npos) << message_;
  EXPECT_EQ(fault({"a b/c"}), Fault::bad_input);
  EXPECT_EQ(fault({"missing-bucket/c"}), Fault::not_found);
}

TEST_F(SelectTest, rules_are_for_keys_below_the_path) {
  request_.rules = {{true, "*.txt"}, {false, "sub/*"}};
  EXPECT_EQ(keys({"dir"}), Names{"photos:dir/one.txt"});
  EXPECT_EQ(keys({"dir/sub"}), Names{"photos:dir/sub/two.txt"});
  EXPECT_EQ(keys({"a.txt", "both"}), Names{"photos:a.txt"}) << "an object's own name counts";
  request_.rules = {{true, "*.jpg"}};
  EXPECT_EQ(fault({"dir", "a.txt"}), Fault::not_found);
  EXPECT_NE(message_.find("4 objects were found"), std::string::npos) << message_;
}

TEST_F(SelectTest, lookups_are_counted) {
  LookupCalls const calls = selected({"dir/", "a.txt"}).calls;
  EXPECT_EQ(calls.heads, 1U);
  EXPECT_EQ(calls.lists, 1U);
}

TEST_F(SelectTest, each_object_goes_in_once) {
  EXPECT_EQ(keys({"dir/one.txt", "dir", "dir/one.txt", "/photos/dir/sub/"}),
            (Names{"photos:dir/one.txt", "photos:dir/", "photos:dir/sub/two.txt"}));
  store_->put("other", "a.txt", Content("another"));
  EXPECT_EQ(keys({"a.txt", "other/x.txt", "other"}),
            (Names{"photos:a.txt", "other:x.txt", "photos:other/inside.txt"}));
}

TEST_F(SelectTest, the_own_output_is_left_out) {
  request_.target_key = "dir/one.txt";
  EXPECT_EQ(keys({"dir"}), (Names{"photos:dir/", "photos:dir/sub/two.txt"}));
  EXPECT_EQ(fault({"dir/one.txt"}), Fault::not_found);
  store_->put("other", "dir/one.txt", Content("in another bucket"));
  store_->buckets()["photos"].erase("dir/one.txt");
  EXPECT_EQ(keys({"other/dir"}), Names{"other:dir/one.txt"});
}

TEST_F(SelectTest, a_path_that_matches_nothing_is_named) {
  EXPECT_EQ(fault({"a.txt", "missing/file.txt", "dir"}), Fault::not_found);
  EXPECT_NE(message_.find("\"missing/file.txt\""), std::string::npos) << message_;
  EXPECT_NE(message_.find("filePaths"), std::string::npos) << message_;
  request_.on_missing = OnMissing::skip;
  Selection const selection = selected({"a.txt", "missing/file.txt", "nothing"});
  EXPECT_EQ(selection.objects.size(), 1U);
  EXPECT_EQ(selection.missing, (Names{"missing/file.txt", "nothing"}));
}

TEST_F(SelectTest, nothing_matched_at_all_is_a_failure) {
  request_.on_missing = OnMissing::skip;
  EXPECT_EQ(fault({"missing"}), Fault::not_found);
  request_.on_missing = OnMissing::fail;
  EXPECT_EQ(fault({"empty"}), Fault::not_found);
  EXPECT_NE(message_.find("nothing to zip"), std::string::npos) << message_;
}

TEST_F(SelectTest, a_bucket_that_does_not_exist_is_an_error_even_when_missing_files_are_skipped) {
  request_.bucket = "no-such-bucket";
  request_.on_missing = OnMissing::skip;
  EXPECT_EQ(fault({"a.txt"}), Fault::not_found);
  EXPECT_NE(message_.find("no-such-bucket"), std::string::npos) << message_;
}

TEST_F(SelectTest, refusals_are_told_unless_something_else_is_found) {
  store_->forbidden = {"photos/dir", "photos/both"};
  EXPECT_EQ(keys({"dir"}).size(), 3U) << "HEAD is refused, the listing finds it";
  store_->forbidden = {"photos/secret.txt"};
  EXPECT_EQ(fault({"secret.txt"}), Fault::forbidden);
  EXPECT_NE(message_.find("secret.txt"), std::string::npos) << message_;
  store_->forbidden = {"photos/"};
  EXPECT_EQ(keys({"a.txt"}), Names{"photos:a.txt"}) << "a file needs no listing";
  EXPECT_EQ(fault({"dir/"}), Fault::forbidden);
  EXPECT_EQ(keys({"other/x.txt"}), Names{"other:x.txt"});
  store_->forbidden = {"other/", "other/nothing"};
  EXPECT_EQ(fault({"other/nothing"}), Fault::not_found)
      << "that another bucket refuses says nothing of the own one";
}

TEST_F(SelectTest, a_first_segment_that_the_store_takes_for_no_bucket_is_no_error_by_itself) {
  store_->odd_buckets = {"Some_File.TXT"};
  EXPECT_EQ(fault({"Some_File.TXT"}), Fault::not_found);
  EXPECT_NE(message_.find("\"Some_File.TXT\" in filePaths"), std::string::npos) << message_;
  request_.on_missing = OnMissing::skip;
  EXPECT_EQ(keys({"Some_File.TXT", "a.txt"}), Names{"photos:a.txt"});
}

TEST_F(SelectTest, two_hundred_paths_answered_in_any_order_keep_theirs) {
  Names paths;
  Names expected;
  for (int i = 200; i-- > 0;) {
    std::string const key = "many/" + std::to_string(i);
    store_->put("photos", key, Content(key));
    paths.push_back(key);
    expected.push_back("photos:" + key);
  }
  store_->most_turns = 20;
  store_->window_size = 64;
  EXPECT_EQ(keys(paths), expected);
  EXPECT_EQ(store_->heads, 200U);
  EXPECT_EQ(store_->listings, 0U);
}

TEST_F(SelectTest, listings_are_followed_to_their_end) {
  for (int i = 0; i < 95; ++i) store_->put("photos", "pages/" + std::to_string(i), Content("page"));
  store_->page_keys = 10;
  EXPECT_EQ(keys({"pages/"}).size(), 95U);
  EXPECT_EQ(store_->listings, 10U);
  EXPECT_EQ(progress_.entries_total, 95U);
  EXPECT_EQ(progress_.bytes_total, 95U * 4);
}

TEST_F(SelectTest, objects_come_with_what_the_store_tells_of_them) {
  StoredObject& stored = store_->at("photos", "dir/one.txt");
  stored.modified = 1'700'000'001;
  stored.crc = 0xABCDEF01;
  Selection const named = selected({"dir/one.txt"});
  SelectedObject const& by_head = named.objects[0];
  EXPECT_EQ(by_head.etag, stored.etag);
  EXPECT_EQ(by_head.size, stored.content.size());
  EXPECT_EQ(by_head.modified, 1'700'000'001);
  EXPECT_EQ(by_head.crc, 0xABCDEF01);
  EXPECT_EQ(by_head.folder_bytes, 0);
  Selection const listed = selected({"dir"});
  SelectedObject const& by_list = listed.objects[1];
  EXPECT_EQ(by_list.key, "dir/one.txt");
  EXPECT_EQ(by_list.modified, 1'700'000'001);
  EXPECT_EQ(by_list.crc, std::nullopt);
  EXPECT_EQ(by_list.folder_bytes, 4);
}

TEST_F(SelectTest, large_listed_objects_are_asked_for_the_crc_that_the_listing_promises) {
  constexpr std::uint64_t large = 8 << 20;
  for (std::uint32_t i = 0; i < 20; ++i) {
    std::string const key = "crc/" + std::string(i < 10 ? "0" : "") + std::to_string(i);
    store_->put("photos", key, Content::computed(large + i, i)).crc = 0x1000 + i;
  }
  store_->at("photos", "crc/03").crc.reset();
  store_->put("photos", "crc/04", Content::computed(large - 1, 4)).crc = 0x1004;
  store_->forbidden = {"photos/crc/05"};
  store_->most_turns = 20;
  Selection const selection = selected({"crc/"});
  ASSERT_EQ(selection.objects.size(), 20U);
  for (std::uint32_t i = 0; i < 20; ++i) {
    bool const known = i != 3 && i != 4 && i != 5;
    EXPECT_EQ(selection.objects[i].crc.value_or(0), known ? 0x1000 + i : 0) << i;
  }
  EXPECT_EQ(store_->heads, 18U) << "none where nothing is promised, none for a small object";
}

TEST_F(SelectTest, the_crc_of_another_version_than_the_listed_one_is_not_taken) {
  store_->put("photos", "crc/a", Content::computed(8 << 20, 1)).crc = 0x1111;
  store_->changes_after_listing = "crc/a";
  Selection const selection = selected({"crc/"});
  EXPECT_EQ(selection.objects[0].crc, std::nullopt);
  EXPECT_EQ(store_->heads, 1U);
}

TEST_F(SelectTest, earlier_zips_of_ours_beside_the_new_one_are_left_out) {
  for (char const* key : {"out/old.zip", "out/mine.zip", "out/sub/old.zip", "s3zipper/old.zip"})
    store_->put("photos", key, Content(key)).metadata = {{std::string(job_metadata), "1"}};
  store_->at("photos", "out/mine.zip").metadata.clear();
  request_.target_key = "out/new.zip";
  EXPECT_EQ(keys({"out/"}), (Names{"photos:out/mine.zip", "photos:out/sub/old.zip"}));
  EXPECT_EQ(store_->heads, 2U) << "only of zips beside the new one";
  EXPECT_EQ(progress_.entries_total, 2U);
  EXPECT_EQ(progress_.bytes_total, std::string("out/mine.zip"
                                               "out/sub/old.zip")
                                       .size());
  request_.target_key = "";
  EXPECT_EQ(keys({"out/"}).size(), 3U) << "a download may be of zips";
  EXPECT_EQ(keys({"photos"}).size(), 11U) << "all but s3zipper/old.zip";
  EXPECT_EQ(keys({"s3zipper/"}), Names{"photos:s3zipper/old.zip"}) << "asked for by its folder";
  request_.target_key = "out/new.zip";
  EXPECT_EQ(keys({"out/old.zip"}), Names{"photos:out/old.zip"}) << "asked for by its name";
}

TEST_F(SelectTest, an_archived_object_fails_before_anything_is_read_unless_it_was_restored) {
  StoredObject& stored = store_->put("photos", "cold/a.bin", Content("a"));
  stored.storage_class = "DEEP_ARCHIVE";
  EXPECT_EQ(fault({"cold/"}), Fault::conflict);
  EXPECT_NE(message_.find("s3://photos/cold/a.bin is archived (DEEP_ARCHIVE)"), std::string::npos)
      << message_;
  EXPECT_EQ(fault({"cold/a.bin"}), Fault::conflict) << "named itself";
  stored.restored = true;
  EXPECT_EQ(keys({"cold/"}), Names{"photos:cold/a.bin"});
  EXPECT_EQ(keys({"cold/a.bin"}), Names{"photos:cold/a.bin"});
}

// ---- sources and manifests

TEST_F(SelectTest, sources_come_after_the_paths_with_their_names_and_versions) {
  store_->put_version("photos", "a.txt", "v1", Content("older"));
  request_.sources = {{"photos", "a.txt", "v1", "old.txt"},
                      {"photos", "a.txt", "", ""},
                      {"photos", "a.txt", "", "again.txt"},
                      {"other", "deep", "", "below"},
                      {"empty", "", "", ""}};
  Selection const selection = selected({"dir/one.txt"});
  ASSERT_EQ(selection.objects.size(), 6U);
  EXPECT_EQ(selection.objects[0].special, 0U);
  SelectedObject const& old = selection.objects[1];
  EXPECT_EQ(old.size, 5U);
  Special const& special = selection.specials.at(old.special - 1);
  EXPECT_EQ(special.version_id, "v1");
  EXPECT_EQ(special.name, "old.txt");
  EXPECT_EQ(selection.objects[2].special, 0U) << "the latest one is another";
  EXPECT_EQ(selection.specials.at(selection.objects[3].special - 1).name, "again.txt");
  EXPECT_TRUE(selection.specials.at(selection.objects[5].special - 1).is_folder);
  EXPECT_EQ(selection.objects[4].special, selection.objects[5].special) << "one for the folder";
}

TEST_F(SelectTest, the_same_source_goes_in_once) {
  request_.sources = {{"photos", "a.txt", "", ""},
                      {"photos", "a.txt", "", ""},
                      {"photos", "a.txt", "", "n"},
                      {"photos", "a.txt", "", "n"}};
  EXPECT_EQ(keys({}).size(), 2U);
}

TEST_F(SelectTest, a_source_that_is_not_there_is_named) {
  request_.sources = {{"photos", "no.txt", "", ""}};
  EXPECT_EQ(fault({}), Fault::not_found);
  EXPECT_NE(message_.find("s3://photos/no.txt is no object and no folder"), std::string::npos);
  request_.sources = {{"photos", "a.txt", "v9", ""}};
  EXPECT_EQ(fault({}), Fault::not_found);
  EXPECT_EQ(message_, "there is no object s3://photos/a.txt?versionId=v9");
  request_.sources = {{"photos", "dir/", "v9", ""}};
  EXPECT_EQ(fault({}), Fault::bad_input);
  request_.sources = {{"photos", "no.txt", "v9", ""}, {"photos", "a.txt", "", ""}};
  request_.on_missing = OnMissing::skip;
  EXPECT_EQ(selected({}).missing, Names{"photos/no.txt?versionId=v9"});
}

TEST_F(SelectTest, a_manifest_lists_objects) {
  store_->put("lists", "all.csv",
              Content("photos,a.txt\nother,x.txt,,first/x\nphotos,dir/one.txt\nphotos,a.txt\n"));
  request_.manifest = {"lists", "all.csv"};
  EXPECT_EQ(keys({}), (Names{"photos:a.txt", "other:x.txt", "photos:dir/one.txt"}));
  EXPECT_EQ(keys({"dir/one.txt"}), (Names{"photos:dir/one.txt", "photos:a.txt", "other:x.txt"}))
      << "behind the paths";
}

TEST_F(SelectTest, a_manifest_row_that_fails_is_named_by_its_line) {
  store_->put("lists", "all.csv", Content("photos,a.txt\nphotos,dir\n"));
  request_.manifest = {"lists", "all.csv"};
  EXPECT_EQ(fault({}), Fault::not_found);
  EXPECT_EQ(message_, "manifest lists/all.csv line 2: there is no object s3://photos/dir");
  request_.on_missing = OnMissing::skip;
  Selection const selection = selected({});
  EXPECT_EQ(selection.objects.size(), 1U);
  EXPECT_EQ(selection.missing, Names{"photos/dir"});
  EXPECT_EQ(selection.calls.lists, 0U) << "a row is an object, never a folder";
  store_->forbidden = {"photos/a.txt"};
  EXPECT_EQ(fault({}), Fault::forbidden);
  EXPECT_TRUE(message_.starts_with("manifest lists/all.csv line 1: ")) << message_;
}

TEST_F(SelectTest, an_inventory_needs_no_heads) {
  store_->put("lists", "data.csv", Content("photos,a.txt,5,abc\nphotos,dir%2Fone.txt,7,def\n"));
  store_->put("lists", "manifest.json",
              Content(R"({"fileFormat": "CSV", "fileSchema": "Bucket, Key, Size, ETag",
                          "files": [{"key": "data.csv"}]})"));
  request_.manifest = {"lists", "manifest.json"};
  Selection const selection = selected({});
  ASSERT_EQ(selection.objects.size(), 2U);
  EXPECT_EQ(selection.objects[1].key, "dir/one.txt");
  EXPECT_EQ(selection.objects[1].etag, "\"def\"");
  EXPECT_EQ(selection.objects[1].size, 7U);
  EXPECT_EQ(selection.calls.heads, 0U);
}

}  // namespace
}  // namespace archive
