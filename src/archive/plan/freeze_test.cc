// Names and forms of entries, as freeze() chooses them.
#include "archive/plan/freeze.h"

#include "archive/testing/sample_plans.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/lists/list_memory.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace archive {
namespace {

using base::limits::held_entry_bytes;
using zip::Form;
using Names = std::vector<std::string>;

struct Picked {
  std::string key;
  std::uint64_t size = 1;
  std::uint16_t folder_bytes = 0;
  std::optional<std::uint32_t> crc = std::nullopt;
};

Selection selection_of(std::vector<Picked> const& objects) {
  Selection selection;
  for (Picked const& one : objects) {
    selection.objects.push_back({.bucket = selection.texts.store("photos"),
                                 .key = selection.texts.store(one.key),
                                 .etag = selection.texts.store("\"etag\""),
                                 .size = one.size,
                                 .modified = 1'700'000'000,
                                 .crc = one.crc,
                                 .folder_bytes = one.folder_bytes});
  }
  return selection;
}

std::shared_ptr<PlannedArchive> freeze_one(std::vector<Picked> const& objects,
                                           Request const& request, Purpose purpose) {
  auto const archives = freeze(selection_of(objects), request, purpose);
  EXPECT_EQ(archives.size(), 1U);
  return archives.front();
}

Names names_in(Plan const& plan) {
  Names names;
  for (std::size_t i = 0; i < plan.entry_count(); ++i) names.emplace_back(plan.entry(i).name);
  return names;
}

Names names_of(std::vector<Picked> const& objects, Request const& request = {}) {
  return names_in(freeze_one(objects, request, Purpose::assemble)->plan);
}

TEST(Freeze, names_may_begin_below_the_path) {
  Request request;
  request.name_style = NameStyle::below_path;
  EXPECT_EQ(
      names_of({{"a/trip/one.jpg", 1, 7}, {"b/x/named.jpg", 1, 4}, {"whole.jpg", 1, 0}}, request),
      (Names{"one.jpg", "named.jpg", "whole.jpg"}));
  EXPECT_EQ(names_of({{"a/trip/", 0, 7}, {"a/trip/one.jpg", 1, 7}}, request), Names{"one.jpg"});
}

// There are so many objects that lists have several blocks and tables grow; some names are taken.
TEST(Freeze, a_plan_in_a_file_is_the_one_in_the_heap) {
  std::vector<Picked> objects;
  for (std::size_t i = 0; i < 20'000; ++i) {
    bool const taken = i % 7 == 0;
    objects.push_back({.key = taken ? "Same.txt" : "folder/" + std::to_string(i), .size = i});
  }
  auto const in_heap = freeze_one(objects, Request(), Purpose::stream);
  ListsInFile const lists;
  auto const in_file = freeze_one(objects, Request(), Purpose::stream);
  EXPECT_GT(base::list_memory().file_bytes(), 0U);
  ASSERT_EQ(in_file->plan.entry_count(), in_heap->plan.entry_count());
  EXPECT_EQ(encode_chunk(in_file->plan, 0, objects.size()),
            encode_chunk(in_heap->plan, 0, objects.size()));
  EXPECT_EQ(plan_etag(in_file->plan), plan_etag(in_heap->plan));
  zip::Layout const& layout = in_file->plan.layout();
  ASSERT_EQ(layout.size(), in_heap->plan.layout().size());
  for (std::uint64_t offset = 0; offset < layout.size(); offset += 10'007)
    ASSERT_EQ(layout.piece_at(offset), in_heap->plan.layout().piece_at(offset)) << offset;
}

TEST(Freeze, names_come_in_three_styles) {
  std::vector<Picked> const objects{{"a/trip/one.jpg", 1, 7},
                                    {"a/trip/sub/two.jpg", 1, 7},
                                    {"a/other/three.jpg", 1, 8},
                                    {"a/trip/named.jpg", 1, 0}};
  Request request;
  EXPECT_EQ(names_of(objects, request), (Names{"a/trip/one.jpg", "a/trip/sub/two.jpg",
                                               "a/other/three.jpg", "a/trip/named.jpg"}));
  request.name_style = NameStyle::bucket_and_key;
  EXPECT_EQ(names_of(objects, request),
            (Names{"photos/a/trip/one.jpg", "photos/a/trip/sub/two.jpg", "photos/a/other/three.jpg",
                   "photos/a/trip/named.jpg"}));
  request.name_style = NameStyle::below_folder;
  request.base_folder = "trip";
  EXPECT_EQ(names_of(objects, request),
            (Names{"one.jpg", "sub/two.jpg", "a/other/three.jpg", "a/trip/named.jpg"}));
}

TEST(Freeze, the_requested_folder_itself_has_no_entry_in_names_relative_to_it) {
  Request request;
  request.name_style = NameStyle::below_folder;
  request.base_folder = "trip";
  EXPECT_EQ(names_of({{"trip/", 0, 5}, {"trip/a", 1, 5}, {"trip/b/", 0, 5}}, request),
            (Names{"a", "b/"}));
  try {
    names_of({{"trip/", 0, 5}}, request);
    FAIL() << "an archive without entries";
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::not_found);
  }
}

TEST(Freeze, names_are_made_safe_and_kept_apart) {
  EXPECT_EQ(names_of({{"a/../b"}, {"dir/x:y"}, {"dir/x_y"}, {"A/B"}, {"a/b"}}),
            (Names{"a/_/b", "dir/x_y", "dir/x_y (2)", "A/B", "a/b (2)"}));
  EXPECT_EQ(names_of({{"a"}, {"a/b"}}), (Names{"a (2)", "a/b"}));
  Request exact;
  exact.name_rule = zip::NameRule::exact;
  EXPECT_EQ(names_of({{"dir/x:y"}, {"dir/x_y"}}, exact), (Names{"dir/x:y", "dir/x_y"}));
}

TEST(Freeze, keys_that_end_in_a_slash_are_folders_unless_they_have_content) {
  auto const archive =
      freeze_one({{"empty/", 0}, {"full/", 5}, {"empty/", 0}}, Request(), Purpose::stream);
  ASSERT_EQ(archive->plan.entry_count(), 2U) << "a folder has one entry";
  EXPECT_EQ(archive->plan.entry(0).form, Form::directory);
  EXPECT_EQ(archive->plan.entry(0).name, "empty/");
  EXPECT_EQ(archive->plan.entry(1).form, Form::stored);
  EXPECT_EQ(archive->plan.entry(1).name, "full");
  EXPECT_EQ(archive->plan.entry(1).key, "full/");
}

TEST(Freeze, one_odd_key_refuses_no_archive) {
  std::string const deep(70'000, 'd');
  std::vector<Picked> const odd{{"a//"},   {"/"},         {"//"},        {"."},        {".."},
                                {"\xFF/"}, {"a/../../b"}, {deep + "//"}, {deep + "/"}, {"", 1}};
  for (zip::NameRule const rule : {zip::NameRule::portable, zip::NameRule::exact}) {
    Request request;
    request.name_rule = rule;
    Names const names = names_of(odd, request);
    ASSERT_EQ(names.size(), odd.size());
    for (std::string const& name : names) EXPECT_FALSE(name.ends_with('/')) << name;
  }
}

TEST(Freeze, an_empty_object_beside_a_folders_files_is_a_directory) {
  auto const archive =
      freeze_one({{"a", 0}, {"a/x"}, {"a/", 0}, {"b", 0}}, Request(), Purpose::assemble);
  EXPECT_EQ(names_in(archive->plan), (Names{"a/", "a/x", "b"}));
  EXPECT_EQ(archive->plan.entry(0).form, Form::directory);
  EXPECT_EQ(archive->plan.entry(0).key, "a");
}

TEST(Freeze, streams_put_what_cannot_be_held_back_into_stored_blocks) {
  std::vector<Picked> const objects{{"small", held_entry_bytes},
                                    {"large", held_entry_bytes + 1},
                                    {"known", held_entry_bytes + 1, 0, 7}};
  auto const stream = freeze_one(objects, Request(), Purpose::stream);
  EXPECT_EQ(stream->plan.entry(0).form, Form::stored);
  EXPECT_EQ(stream->plan.entry(1).form, Form::stored_blocks);
  EXPECT_EQ(stream->plan.entry(2).form, Form::stored);
  auto const job = freeze_one(objects, Request(), Purpose::assemble);
  EXPECT_EQ(job->plan.entry(1).form, Form::stored);
}

TEST(Freeze, entries_keep_what_is_known_of_their_objects) {
  auto const archive =
      freeze_one({{"key", 12, 0, 0x1234}, {"none", 0}}, Request(), Purpose::stream);
  PlannedEntry const entry = archive->plan.entry(0);
  EXPECT_EQ(entry.bucket, "photos");
  EXPECT_EQ(entry.key, "key");
  EXPECT_EQ(entry.etag, "\"etag\"");
  EXPECT_EQ(entry.size, 12U);
  EXPECT_EQ(entry.modified, 1'700'000'000);
  EXPECT_EQ(entry.crc, 0x1234U);
  EXPECT_EQ(archive->crcs.whole(0), 0x1234U);
  EXPECT_EQ(archive->crcs.whole(1), 0U) << "nothing has a CRC of 0";
  EXPECT_EQ(archive->plan.source_bytes(), 12U);
}

TEST(Freeze, a_file_mapper_renames_what_the_style_named) {
  Selection selection = selection_of({{"a/one"}, {"b/two"}, {"b/../three"}, {"c/", 0}});
  selection.names = NameMap::parse(
      R"({"paths": [{"key": "photos/a/one", "name": "../first"}, {"key": "photos/b/", "name": "B"},
                    {"key": "photos/c/", "name": ""}]})",
      "photos");
  Request request;
  request.name_style = NameStyle::bucket_and_key;
  auto const archives = freeze(std::move(selection), request, Purpose::stream);
  EXPECT_EQ(names_in(archives.front()->plan), (Names{"_/first", "B/two", "B/_/three"}))
      << "made safe, too";
}

std::vector<std::vector<std::string>> split(std::vector<Picked> const& objects,
                                            std::uint64_t max_bytes, std::uint64_t max_entries) {
  Request request;
  request.max_archive_bytes = max_bytes;
  request.max_archive_entries = max_entries;
  std::vector<std::vector<std::string>> parts;
  for (auto const& archive : freeze(selection_of(objects), request, Purpose::assemble)) {
    parts.push_back(names_in(archive->plan));
    bool const fits = max_bytes == 0 || archive->plan.layout().size() <= max_bytes;
    EXPECT_TRUE(fits || archive->plan.entry_count() == 1) << archive->plan.layout().size();
  }
  return parts;
}

TEST(Freeze, a_zip_is_split_by_count_in_order) {
  using Parts = std::vector<std::vector<std::string>>;
  std::vector<Picked> const objects{{"a"}, {"b"}, {"c"}, {"d"}, {"e"}};
  EXPECT_EQ(split(objects, 0, 2), (Parts{{"a", "b"}, {"c", "d"}, {"e"}}));
  EXPECT_EQ(split(objects, 0, 5), (Parts{{"a", "b", "c", "d", "e"}}));
  EXPECT_EQ(split(objects, 0, 1).size(), 5U);
  EXPECT_EQ(split({{"A"}, {"a"}}, 0, 1), (Parts{{"A"}, {"a (2)"}})) << "unique in all together";
}

TEST(Freeze, a_zip_is_split_where_it_would_grow_over_the_size) {
  using Parts = std::vector<std::vector<std::string>>;
  std::vector<Picked> const objects{{"a", 400}, {"b", 400}, {"c", 400}, {"big", 5000}, {"d", 1}};
  std::uint64_t const two =
      freeze_one({{"a", 400}, {"b", 400}}, {}, Purpose::assemble)->plan.layout().size();
  EXPECT_EQ(split(objects, two, 0), (Parts{{"a", "b"}, {"c"}, {"big"}, {"d"}}));
  EXPECT_EQ(split(objects, two - 1, 0), (Parts{{"a"}, {"b"}, {"c"}, {"big"}, {"d"}}));
  EXPECT_EQ(split(objects, 1, 0).size(), 5U) << "an entry is never cut";
}

TEST(Freeze, more_archives_than_a_job_holds_are_refused) {
  std::vector<Picked> objects;
  for (std::size_t i = 0; i <= base::limits::max_archives; ++i)
    objects.push_back({std::to_string(i)});
  EXPECT_EQ(split({objects.begin(), objects.end() - 1}, 0, 1).size(), base::limits::max_archives);
  try {
    split(objects, 0, 1);
    FAIL() << "too many";
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::bad_input);
  }
}

TEST(Freeze, the_requests_own_names_come_before_all_others) {
  Selection selection = selection_of({{"a/one"}, {"b/", 0, 2}, {"b/two", 1, 2}, {"c"}});
  selection.rare_fields = {{"", "x?y", false}, {"", "folder", true}, {"v1", "", false}};
  selection.objects[0].rare = 1;
  selection.objects[1].rare = 2;
  selection.objects[2].rare = 2;
  selection.objects[3].rare = 3;
  selection.names = NameMap::parse(R"({"paths": [{"key": "photos/a/one", "name": "mapped"},
                                   {"key": "photos/c", "name": "x_y"}]})",
                                   "photos");
  auto const archive = freeze(std::move(selection), {}, Purpose::stream).front();
  EXPECT_EQ(names_in(archive->plan), (Names{"x_y", "folder/", "folder/two", "x_y (2)"}));
  EXPECT_EQ(archive->plan.entry(0).name_changes, name_change::requested | name_change::cleaned);
  EXPECT_EQ(archive->plan.entry(2).name_changes, name_change::requested);
  EXPECT_EQ(archive->plan.entry(3).name_changes, name_change::mapped | name_change::numbered);
  EXPECT_EQ(archive->plan.entry(3).version_id, "v1");
  EXPECT_EQ(archive->plan.entry(0).version_id, "");
}

TEST(Freeze, a_report_is_the_last_entry) {
  Selection selection = selection_of({{"a"}, {"A", 12, 0, 7}});
  selection.left_out.missing = {"photos/no"};
  selection.left_out.excluded = 3;
  selection.left_out.excluded_told = {"photos/x"};
  selection.left_out.own_zips = {"photos/old.zip"};
  Request request;
  request.report_in_zip = ReportFormat::csv;
  auto const archive = freeze(std::move(selection), request, Purpose::stream).front();
  ASSERT_EQ(archive->plan.entry_count(), 3U);
  PlannedEntry const report = archive->plan.entry(2);
  EXPECT_EQ(report.name, "s3zipper-report.csv");
  EXPECT_EQ(report.modified, 1'700'000'000) << "the latest of the entries: no clock";
  EXPECT_EQ(report.form, Form::stored);
  EXPECT_EQ(archive->crcs.whole(2), base::crc32(0, report.content));
  EXPECT_EQ(report.content,
            "archive,name,bucket,key,versionId,size,crc32,nameChange,state,reason\r\n"
            "1,a,photos,a,,1,,,zipped,\r\n"
            "1,A (2),photos,A,,12,00000007,numbered,zipped,\r\n"
            ",,photos,no,,,,,missing,no such object or folder\r\n"
            ",,photos,old.zip,,,,,excluded,"
            "\"an earlier zip of the same sources, or what this zip is written to\"\r\n"
            ",,photos,x,,,,,excluded,by the include and exclude rules\r\n"
            ",,,,,,,,excluded,\"3 objects, by the include and exclude rules\"\r\n");
}

TEST(Freeze, a_name_that_the_report_would_have_is_kept_by_the_object) {
  Request request;
  request.report_in_zip = ReportFormat::json_lines;
  EXPECT_EQ(names_of({{"s3zipper-report.jsonl"}}, request),
            (Names{"s3zipper-report.jsonl", "s3zipper-report (2).jsonl"}));
}

TEST(Freeze, each_of_several_archives_has_its_report_within_its_size) {
  std::vector<Picked> objects;
  for (int i = 0; i < 50; ++i) objects.push_back({"object-" + std::to_string(i), 400});
  Request request;
  request.report_in_zip = ReportFormat::csv;
  request.max_archive_bytes = 8'000;
  auto const archives = freeze(selection_of(objects), request, Purpose::assemble);
  ASSERT_GT(archives.size(), 2U);
  std::size_t entries = 0;
  for (auto const& archive : archives) {
    EXPECT_LE(archive->plan.layout().size(), 8'000U);
    PlannedEntry const report = archive->plan.entry(archive->plan.entry_count() - 1);
    EXPECT_EQ(std::ranges::count(report.content, '\n'), std::ptrdiff_t(archive->plan.entry_count()))
        << "the first line, and those of the others";
    entries += archive->plan.entry_count() - 1;
  }
  EXPECT_EQ(entries, objects.size());
}

}  // namespace
}  // namespace archive
