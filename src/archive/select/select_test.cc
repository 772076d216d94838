// The objects that a request's paths stand for, in an object store with several buckets.
#include "archive/select/select.h"

#include "archive/select/lookup.h"
#include "archive/testing/select_test_store.h"

namespace archive {
namespace {

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

TEST_F(SelectTest, what_is_both_an_object_and_a_folder_is_both_unless_a_slash_is_there) {
  EXPECT_EQ(keys({"both"}), (Names{"photos:both", "photos:both/below.txt"}));
  EXPECT_EQ(keys({"both/"}), Names{"photos:both/below.txt"});
  request_.sources = {{"photos", "both", "", ""}};
  EXPECT_EQ(keys({}).size(), 2U) << "a source, too";
  request_.sources.clear();
  store_->put("other", "pair", Content("p"));
  store_->put("other", "pair/x", Content("x"));
  EXPECT_EQ(keys({"other/pair"}), (Names{"other:pair", "other:pair/x"})) << "in another bucket";
  request_.exact_paths = true;
  EXPECT_EQ(keys({"other/pair"}).size(), 2U);
}

TEST_F(SelectTest, an_empty_object_of_a_folders_name_is_its_placeholder) {
  store_->put("photos", "both", Content(""));
  Selection const selection = selected({"both"});
  ASSERT_EQ(selection.objects.size(), 2U);
  EXPECT_TRUE(selection.objects[0].is_placeholder);
  EXPECT_EQ(selection.objects[0].folder_bytes, 5U) << "named as the folder's own key would be";
  EXPECT_FALSE(selection.objects[1].is_placeholder);
  store_->buckets()["photos"].erase("both/below.txt");
  EXPECT_FALSE(selected({"both"}).objects[0].is_placeholder) << "by itself it is an empty file";
  store_->put("photos", "both", Content(""));
  store_->put("photos", "both/below.jpg", Content("j"));
  request_.rules = {{true, "*.jpg"}};
  EXPECT_EQ(keys({"both"}), Names{"photos:both/below.jpg"});
}

TEST_F(SelectTest, an_object_is_taken_by_those_who_may_not_list) {
  store_->forbidden = {"photos/"};
  EXPECT_EQ(keys({"both"}), Names{"photos:both"});
}

// Neither look waits for the other: each is a round trip to a far object store.
TEST_F(SelectTest, an_object_and_a_folder_are_looked_for_at_one_time) {
  store_->heads_await_listing = true;
  EXPECT_EQ(keys({"a.txt"}), Names{"photos:a.txt"});
  EXPECT_EQ(store_->heads, 1U);
  EXPECT_EQ(store_->listings, 1U) << "no path is decided by the object alone";
}

TEST_F(SelectTest, a_selection_has_a_bound_while_it_lists) {
  for (int i = 0; i < 100; ++i) store_->put("photos", "many/" + std::to_string(i), Content("m"));
  store_->page_keys = 10;
  bounds_.entries = 35;
  EXPECT_EQ(fault({"many"}), Fault::too_large);
  EXPECT_NE(message_.find("over 35 objects"), std::string::npos) << message_;
  EXPECT_EQ(store_->listings, 4U) << "no page more than it takes to know";
  bounds_ = {.objects_seen = 45};
  request_.rules = {{false, "*"}};
  EXPECT_EQ(fault({"many"}), Fault::too_large) << "what the rules leave out counts, too";
  EXPECT_EQ(store_->listings, 9U);
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
  EXPECT_EQ(keys({"a.txt", "other/x.txt"}), (Names{"photos:a.txt", "other:x.txt"}))
      << "an object's own name counts";
  request_.rules = {{true, "*.jpg"}};
  EXPECT_EQ(fault({"dir", "a.txt"}), Fault::not_found);
  EXPECT_NE(message_.find("4 objects were found"), std::string::npos) << message_;
}

TEST_F(SelectTest, lookups_are_counted) {
  LookupCalls const calls = selected({"dir/", "a.txt"}).calls;
  EXPECT_EQ(calls.heads, 1U);
  EXPECT_EQ(calls.lists, 2U);
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
  EXPECT_EQ(selection.left_out.missing, (Names{"missing/file.txt", "nothing"}));
}

TEST_F(SelectTest, what_is_deleted_is_told_to_be_unless_something_else_is_found) {
  constexpr std::string_view words = "; it is deleted: a delete marker stands in its place";
  store_->deleted = {"photos/gone", "photos/dir", "photos/other/x.txt"};
  EXPECT_EQ(fault({"gone"}), Fault::not_found);
  EXPECT_TRUE(message_.starts_with("\"gone\" in filePaths matches no object")) << message_;
  EXPECT_TRUE(message_.ends_with(words)) << message_;
  EXPECT_EQ(fault({"nothing"}), Fault::not_found);
  EXPECT_EQ(message_.find("deleted"), std::string::npos);
  EXPECT_EQ(keys({"dir"}), (Names{"photos:dir/", "photos:dir/one.txt", "photos:dir/sub/two.txt"}));
  EXPECT_EQ(keys({"other/x.txt"}), Names{"other:x.txt"});
  request_.exact_paths = true;
  EXPECT_EQ(fault({"photos/gone"}), Fault::not_found);
  EXPECT_TRUE(message_.ends_with(words)) << message_;
  request_.on_missing = OnMissing::skip;
  EXPECT_EQ(keys({"photos/gone", "photos/a.txt"}), Names{"photos:a.txt"});
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
  EXPECT_EQ(store_->listings, 200U) << "each may be a folder, too";
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

TEST_F(SelectTest, what_the_rules_leave_out_is_counted_and_the_first_of_it_named) {
  for (int i = 0; i < 120; ++i)
    store_->put("photos", "many/" + std::to_string(i) + ".tmp", Content("m"));
  request_.rules = {{false, "*.tmp"}};
  Selection const selection = selected({"many", "a.txt"});
  EXPECT_EQ(selection.left_out.excluded, 120U);
  ASSERT_EQ(selection.left_out.excluded_told.size(), 100U);
  EXPECT_EQ(selection.left_out.excluded_told.front(), "photos/many/0.tmp");
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
  EXPECT_EQ(selection.objects[0].rare, 0U);
  SelectedObject const& old = selection.objects[1];
  EXPECT_EQ(old.size, 5U);
  RareFields const& rare = selection.rare_fields.at(old.rare - 1);
  EXPECT_EQ(rare.version_id, "v1");
  EXPECT_EQ(rare.name, "old.txt");
  EXPECT_EQ(selection.objects[2].rare, 0U) << "the latest one is another";
  EXPECT_EQ(selection.rare_fields.at(selection.objects[3].rare - 1).name, "again.txt");
  EXPECT_TRUE(selection.rare_fields.at(selection.objects[5].rare - 1).is_folder);
  EXPECT_EQ(selection.objects[4].rare, selection.objects[5].rare) << "one for the folder";
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
  store_->deleted = {"photos/a.txt"};
  EXPECT_EQ(fault({}), Fault::not_found);
  EXPECT_EQ(message_,
            "there is no object s3://photos/a.txt?versionId=v9; it is deleted: a delete marker "
            "stands in its place");
  request_.sources = {{"photos", "dir/", "v9", ""}};
  EXPECT_EQ(fault({}), Fault::bad_input);
  request_.sources = {{"photos", "no.txt", "v9", ""}, {"photos", "a.txt", "", ""}};
  request_.on_missing = OnMissing::skip;
  EXPECT_EQ(selected({}).left_out.missing, Names{"photos/no.txt?versionId=v9"});
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
  EXPECT_EQ(selection.left_out.missing, Names{"photos/dir"});
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
