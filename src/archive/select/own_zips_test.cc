#include "archive/select/own_zips.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

Request of_paths(std::vector<std::string> paths, std::string bucket = "photos") {
  Request request;
  request.bucket = std::move(bucket);
  request.paths = std::move(paths);
  return request;
}

Request of_exact(std::vector<std::string> paths) {
  Request request = of_paths(std::move(paths), "target");
  request.exact_paths = true;
  return request;
}

TEST(SourcesDigest, is_the_same_however_the_sources_are_named) {
  std::string const digest = sources_digest(of_paths({"d"}));
  EXPECT_EQ(digest.size(), 32U);
  EXPECT_EQ(sources_digest(of_paths({"/d/"})), digest);
  EXPECT_EQ(sources_digest(of_paths({"photos/d"})), digest);
  EXPECT_EQ(sources_digest(of_paths({"{{bucket}}/d", "d"})), digest);
  EXPECT_EQ(sources_digest(of_exact({"photos/d"})), digest) << "a command's";
  Request native;
  native.bucket = "other";
  native.sources = {{"photos", "d/", "", "called"}};
  EXPECT_EQ(sources_digest(native), digest);
  EXPECT_EQ(sources_digest(of_paths({"a", "b"})), sources_digest(of_paths({"b", "a"})));
  EXPECT_EQ(sources_digest(of_paths({"/"})), sources_digest(of_exact({"photos/"})));
}

TEST(SourcesDigest, does_not_depend_on_names_target_or_form) {
  Request request = of_paths({"d"});
  request.target_key = "out.zip";
  request.name_style = NameStyle::below_path;
  request.max_archive_entries = 7;
  request.on_missing = OnMissing::skip;
  request.report_in_zip = ReportFormat::csv;
  EXPECT_EQ(sources_digest(request), sources_digest(of_paths({"d"})));
}

TEST(SourcesDigest, differs_for_other_sources_and_rules) {
  std::vector<Request> requests{of_paths({"d"}),      of_paths({"d"}, "other"), of_paths({"d//"}),
                                of_paths({"d", "e"}), of_paths({"d/e"}),        of_paths({""})};
  for (int i = 0; i < 5; ++i) requests.push_back(of_paths({"d"}));
  requests[6].rules = {{true, "*.jpg"}};
  requests[7].rules = {{false, "*.jpg"}};
  requests[8].rules = {{true, "*.jpg"}, {false, "*"}};
  requests[9].manifest = {"lists", "a.csv"};
  requests[10].manifest = {"lists", "b.csv"};
  requests.push_back(of_paths({}));
  requests.back().sources = {{"photos", "d", "v1", ""}};
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_NE(sources_digest(requests[i]), sources_digest(requests[j])) << i << " and " << j;
  }
}

TEST(MayBeOwnZip, goes_by_the_extension) {
  for (char const* key : {"a.zip", "d/A.ZIP", ".zip"}) EXPECT_TRUE(may_be_own_zip(key)) << key;
  for (char const* key : {"a.zip/", "zip", "a.zip.txt", ""})
    EXPECT_FALSE(may_be_own_zip(key)) << key;
}

}  // namespace
}  // namespace archive
