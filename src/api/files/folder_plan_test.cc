// The names of a folder's zip.
#include "api/files/folder_plan.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace api {
namespace {

using Names = std::vector<std::string>;

Names planned(Names const& names, std::string_view folder) {
  archive::Contents contents;
  for (std::string const& name : names) contents.add({.name = name});
  SourceOf const source_of = [&](std::size_t place) {
    archive::PlannedEntry entry;
    entry.key = contents[place].name;
    if (contents[place].is_folder()) entry.form = zip::Form::directory;
    return entry;
  };
  FolderPlan const made = plan_folder(contents, folder, source_of);
  Names found;
  for (std::size_t i = 0; i < made.archive->plan.entry_count(); ++i) {
    archive::PlannedEntry const entry = made.archive->plan.entry(i);
    EXPECT_EQ(entry.key, names.at(made.places.at(i)));
    found.emplace_back(entry.name);
  }
  return found;
}

TEST(FolderPlan, names_are_relative_to_the_folder_s_parent) {
  Names const names{"a/b/1.txt", "a/b.txt", "a/b/c/", "a/b/c/2.txt", "b/3.txt"};
  EXPECT_EQ(planned(names, "a/b/"), (Names{"b/1.txt", "b/c/", "b/c/2.txt"}));
  EXPECT_EQ(planned(names, "a/"), (Names{"a/b/1.txt", "a/b.txt", "a/b/c/", "a/b/c/2.txt"}));
  EXPECT_THROW(planned(names, "c/"), base::Error);
}

TEST(FolderPlan, names_of_a_foreign_zip_are_made_safe_and_kept_apart) {
  EXPECT_EQ(planned({"x/../../evil", "x/a", "x/a", "x/d/", "x/d/"}, "x/"),
            (Names{"x/_/_/evil", "x/a", "x/a (2)", "x/d/"}));
  EXPECT_EQ(planned({"../a", "../b/c"}, "../"), (Names{"_/a", "_/b/c"}));
  EXPECT_EQ(planned({"/a", "b"}, "/"), (Names{"a"}));
}

}  // namespace
}  // namespace api
