#include "s3/messages/listing_check.h"

#include "base/error.h"
#include "base/limits.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

ListPage page_of(std::vector<std::string> const& keys, std::string token = "") {
  ListPage page;
  for (std::string const& key : keys) {
    ListedObject object;
    object.key = key;
    page.objects.push_back(std::move(object));
  }
  page.is_truncated = !token.empty();
  page.next_continuation_token = std::move(token);
  return page;
}

// The problem of pages that are requested one after the other; empty: they are right.
std::string problem_of(std::vector<ListPage> pages) {
  ListOptions options{.prefix = "in/"};
  try {
    for (ListPage& page : pages) {
      check_page(page, options, "bucket");
      options.continuation_token = page.next_continuation_token;
      options.so_far = page.so_far;
    }
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::corrupt);
    EXPECT_NE(error.message().find("s3://bucket/in/"), std::string::npos) << error.message();
    return std::string(error.message());
  }
  return "";
}

TEST(ListingCheck, a_listing_that_goes_on_is_right) {
  EXPECT_EQ(problem_of({page_of({"in/a", "in/b"}, "1"), page_of({}, "2"), page_of({"in/c"})}), "");
  EXPECT_EQ(problem_of({page_of({})}), "");
}

TEST(ListingCheck, a_token_that_repeats_is_told) {
  EXPECT_NE(problem_of({page_of({"in/a"}, "1"), page_of({"in/b"}, "1")}).find("token repeats"),
            std::string::npos);
}

TEST(ListingCheck, a_key_comes_once_and_behind_those_before) {
  EXPECT_NE(problem_of({page_of({"in/a", "in/a"})}).find("in/a\" twice"), std::string::npos);
  EXPECT_NE(problem_of({page_of({"in/a"}, "1"), page_of({"in/a", "in/b"})}).find("twice"),
            std::string::npos);
  EXPECT_NE(problem_of({page_of({"in/b", "in/a"})}).find("it goes back"), std::string::npos);
  // The tokens take turns.
  EXPECT_NE(problem_of({page_of({"in/a", "in/b"}, "1"), page_of({"in/c"}, "2"),
                        page_of({"in/a", "in/b"}, "1")})
                .find("repeats itself"),
            std::string::npos);
}

TEST(ListingCheck, a_key_of_another_folder_is_told) {
  EXPECT_NE(problem_of({page_of({"in/a", "other/b"})}).find("\"other/b\""), std::string::npos);
}

TEST(ListingCheck, common_prefixes_are_a_list_of_their_own) {
  ListPage page = page_of({"in/b"});
  page.common_prefixes = {"in/a/", "in/c/"};
  EXPECT_EQ(problem_of({page}), "");
  page.common_prefixes = {"in/a/", "in/a/"};
  EXPECT_NE(problem_of({page}).find("twice"), std::string::npos);
}

TEST(ListingCheck, pages_without_anything_have_an_end) {
  std::vector<ListPage> pages;
  for (int i = 0; i <= base::limits::max_empty_pages; ++i)
    pages.push_back(page_of({}, std::to_string(i)));
  EXPECT_NE(problem_of(pages).find("hold nothing"), std::string::npos);
  pages.pop_back();
  pages.push_back(page_of({"in/a"}));
  EXPECT_EQ(problem_of(pages), "");
}

}  // namespace
}  // namespace s3
