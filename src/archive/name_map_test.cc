// Names under a file mapper.
#include "archive/name_map.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

NameMap parsed(std::string_view json) {
  return NameMap::parse(json, "photos");
}

std::optional<std::string> name(NameMap const& map, std::string_view key,
                                std::string_view bucket = "photos") {
  return map.name_of(bucket, key, key);
}

TEST(NameMap, gives_folders_another_name_or_none) {
  NameMap const map = parsed(R"({"paths": [{"key": "photos/2024/", "name": "trip"},
                                           {"key": "photos/flat/", "name": ""},
                                           {"key": "photos/deep/er/", "name": "a/b/"}]})");
  EXPECT_EQ(name(map, "2024/one.jpg"), "trip/one.jpg");
  EXPECT_EQ(name(map, "2024/sub/two.jpg"), "trip/sub/two.jpg");
  EXPECT_EQ(name(map, "2024/"), "trip/");
  EXPECT_EQ(name(map, "flat/x"), "x");
  EXPECT_EQ(name(map, "flat/"), "") << "the folder itself needs no entry";
  EXPECT_EQ(name(map, "deep/er/x"), "a/b/x");
  EXPECT_EQ(name(map, "deep/x"), std::nullopt);
  EXPECT_EQ(name(map, "2024"), std::nullopt) << "a file, not the folder";
  EXPECT_EQ(name(map, "20245/x"), std::nullopt);
  EXPECT_EQ(name(map, "2024/x", "other"), std::nullopt);
}

TEST(NameMap, the_longest_key_counts_and_a_file_before_any_folder) {
  NameMap const map = parsed(R"({"paths": [{"key": "photos/", "name": "all"},
                                           {"key": "photos/a/b/", "name": "ab"},
                                           {"key": "photos/a/", "name": "a2"},
                                           {"key": "photos/a/b/file", "name": "renamed.txt"},
                                           {"key": "/", "name": "rest"}]})");
  EXPECT_EQ(name(map, "x"), "all/x");
  EXPECT_EQ(name(map, "a/x"), "a2/x");
  EXPECT_EQ(name(map, "a/b/x"), "ab/x");
  EXPECT_EQ(name(map, "a/b/file"), "renamed.txt");
  EXPECT_EQ(name(map, "x/y", "other"), "rest/x/y") << "of another bucket only the root fits";
}

TEST(NameMap, a_leading_slash_and_the_buckets_placeholder_are_understood) {
  NameMap const map = parsed(R"({"paths": [{"key": "/photos/a/", "name": "1"},
                                           {"key": "{{bucket}}/b/", "name": "2"}]})");
  EXPECT_EQ(name(map, "a/x"), "1/x");
  EXPECT_EQ(name(map, "b/x"), "2/x");
}

TEST(NameMap, an_empty_one_changes_nothing) {
  EXPECT_EQ(name(NameMap(), "x"), std::nullopt);
  EXPECT_TRUE(parsed(R"({"paths": []})").empty());
  EXPECT_EQ(name(parsed(R"({"paths": [{"key": "/", "name": ""}]})"), "x/y"), "x/y");
}

TEST(NameMap, says_what_is_wrong_with_which_path) {
  struct Case {
    char const* json;
    char const* message;
  };
  for (Case const& one :
       {Case{"", "no valid JSON"}, Case{"[]", "a list \"paths\""},
        Case{R"({"paths": {}})", "a list \"paths\""},
        Case{R"({"paths": [{"key": "a/", "name": "b"}, 7]})", "paths[1] has no text \"key\""},
        Case{R"({"paths": [{"key": "a/"}]})", "paths[0] has no text \"name\""},
        Case{R"({"paths": [{"key": "a/", "name": null}]})", "paths[0] has no text \"name\""},
        Case{R"({"paths": [{"key": "", "name": "b"}]})", "paths[0]: \"key\" is empty"},
        Case{R"({"paths": [{"key": "a/b", "name": ""}]})", "paths[0]: a file needs a \"name\""}}) {
    try {
      parsed(one.json);
      ADD_FAILURE() << one.json;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::bad_input);
      EXPECT_NE(std::string(error.what()).find(one.message), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace archive
