// Odd keys get names, and empty objects that stand for folders are known.
#include "archive/plan/entry_names.h"

#include "archive/plan/plan.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using Names = std::vector<std::string>;

struct Picked {
  std::string key;
  std::uint64_t size = 1;
  std::uint16_t folder_bytes = 0;
  std::string bucket = "photos";
};

Selection selection_of(std::vector<Picked> const& objects) {
  Selection selection;
  for (Picked const& one : objects) {
    selection.objects.push_back({.bucket = selection.texts.store(one.bucket),
                                 .key = selection.texts.store(one.key),
                                 .etag = {},
                                 .size = one.size,
                                 .crc = {},
                                 .folder_bytes = one.folder_bytes});
  }
  mark_placeholders(selection);
  return selection;
}

Names names_of(std::vector<Picked> const& objects, Request const& request = {}) {
  Selection const selection = selection_of(objects);
  Names names;
  for (std::size_t i = 0; i < selection.objects.size(); ++i)
    names.push_back(entry_name(selection.objects[i], request, selection).name);
  return names;
}

TEST(EntryName, of_a_key_that_ends_in_slashes_and_has_content_is_a_files) {
  std::vector<Picked> const objects{{"a/"}, {"b//"}, {"c///"}, {"/"}, {"//"}, {"d/e//"}};
  EXPECT_EQ(names_of(objects), (Names{"a", "b/_", "c/_/_", "_", "_", "d/e/_"}));
  Request exact;
  exact.name_rule = zip::NameRule::exact;
  EXPECT_EQ(names_of(objects, exact), (Names{"a", "b/_", "c//_", "_", "_", "d/e/_"}));
}

TEST(EntryName, of_an_empty_key_that_ends_in_slashes_is_a_directorys) {
  EXPECT_EQ(names_of({{"a/", 0}, {"b//", 0}, {"/", 0}}), (Names{"a/", "b/_/", "_/"}));
}

// Names relative to a folder would leave nothing of the folder's own key.
TEST(EntryName, of_a_requested_folder_with_content_is_its_last_segment) {
  Request request;
  request.name_style = NameStyle::below_path;
  EXPECT_EQ(names_of({{"d/sub/", 5, 6}, {"d/sub/x", 1, 6}}, request), (Names{"sub", "x"}));
  EXPECT_EQ(names_of({{"d//", 5, 3}, {"/", 5, 1}}, request), (Names{"_", "_"}));
  EXPECT_EQ(names_of({{"d/sub/", 0, 6}}, request), Names{""}) << "a placeholder needs none";
}

TEST(EntryName, of_content_that_is_mapped_to_nothing_is_its_keys_last_segment) {
  Selection selection = selection_of({{"d/"}, {"d/", 0}});
  selection.names = NameMap::parse(R"({"paths": [{"key": "photos/d/", "name": ""}]})", "photos");
  EXPECT_EQ(entry_name(selection.objects[0], {}, selection).name, "d");
  EXPECT_EQ(entry_name(selection.objects[1], {}, selection).name, "");
}

TEST(EntryName, tells_what_was_changed) {
  Selection const selection = selection_of({{"a//"}, {"a/"}, {"plain"}, {"f", 0}, {"f/x"}});
  auto const changes = [&](std::size_t index) {
    return entry_name(selection.objects[index], {}, selection).changes;
  };
  EXPECT_EQ(changes(0), name_change::cleaned);
  EXPECT_EQ(changes(1), name_change::cleaned);
  EXPECT_EQ(changes(2), 0);
  EXPECT_EQ(changes(3), name_change::folder);
}

TEST(Placeholders, are_empty_objects_beside_the_files_of_a_folder_of_their_name) {
  EXPECT_EQ(names_of({{"a", 0}, {"a-b"}, {"a/b/c"}}), (Names{"a/", "a-b", "a/b/c"}));
  EXPECT_EQ(names_of({{"x/a/b/c"}, {"x/a/b", 0}, {"x", 0}}), (Names{"x/a/b/c", "x/a/b/", "x/"}))
      << "in any order, at any depth";
  EXPECT_EQ(names_of({{"a", 0}, {"a/", 0}}), (Names{"a/", "a/"}));
}

TEST(Placeholders, are_nothing_else) {
  EXPECT_EQ(names_of({{"a"}, {"a/b"}}), (Names{"a", "a/b"})) << "it has content";
  EXPECT_EQ(names_of({{"a", 0}, {"ab/c"}, {"A/b"}}), (Names{"a", "ab/c", "A/b"}));
  EXPECT_EQ(names_of({{"a", 0, 0, "one"}, {"a/b", 1, 0, "two"}}), (Names{"a", "a/b"}));
  EXPECT_EQ(names_of({{"", 0}, {"/b"}}), (Names{"", "b"}));
}

TEST(Placeholders, are_the_requested_folder_in_names_relative_to_it) {
  Request request;
  request.name_style = NameStyle::below_path;
  EXPECT_EQ(names_of({{"d/a", 0, 4}, {"d/a/b", 1, 4}}, request), (Names{"", "b"}));
  request.name_style = NameStyle::below_folder;
  request.base_folder = "a";
  EXPECT_EQ(names_of({{"d/a", 0, 4}, {"d/a/b", 1, 4}}, request), (Names{"", "b"}));
}

TEST(Placeholders, are_named_as_the_request_names_their_folder) {
  Selection selection = selection_of({{"a", 0, 2}, {"a/b", 1, 2}});
  selection.rare_fields = {{"", "new", true}, {"", "own", false}};
  for (std::size_t i = 0; i < 2; ++i) selection.objects[i].rare = 1;
  EXPECT_EQ(entry_name(selection.objects[0], {}, selection).name, "new/");
  EXPECT_EQ(entry_name(selection.objects[1], {}, selection).name, "new/b");
  selection.objects[0].rare = 2;
  EXPECT_EQ(entry_name(selection.objects[0], {}, selection).name, "own/");
}

}  // namespace
}  // namespace archive
