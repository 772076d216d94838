// The pages of a zip's files.
#include "api/files/file_page.h"

#include "base/error.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace api {
namespace {

using Names = std::vector<std::string>;

archive::Contents contents_of(Names const& names) {
  archive::Contents contents;
  for (std::string const& name : names) contents.add({.name = name});
  return contents;
}

// The items of all pages in their order: entries, and folders with their slash.
Names all_pages(archive::Contents const& contents, FileQuery query, std::size_t most_pages = 100) {
  Names found;
  for (std::size_t page_count = 0; page_count < most_pages; ++page_count) {
    FilePage const page = choose_page(contents, query);
    Names here = page.folders;
    for (std::size_t const place : page.entries) here.emplace_back(contents[place].name);
    EXPECT_LE(here.size(), query.limit);
    std::ranges::sort(here);
    found.insert(found.end(), here.begin(), here.end());
    if (!page.next) return found;
    query.after = parse_file_query("cursor=" + cursor_of(*page.next)).after;
    EXPECT_EQ(query.after, page.next);
  }
  ADD_FAILURE() << "the pages have no end";
  return found;
}

TEST(FilePage, one_level_at_a_time_in_the_order_of_names) {
  archive::Contents const contents =
      contents_of({"b/2.txt", "a.txt", "b/", "b/c/deep.txt", "z.txt", "b/1.txt", "d/e/f.txt"});
  for (std::size_t const limit : {1U, 2U, 3U, 100U}) {
    EXPECT_EQ(all_pages(contents, {.prefix = "", .search = "", .limit = limit}),
              (Names{"a.txt", "b/", "d/", "z.txt"}));
    EXPECT_EQ(all_pages(contents, {.prefix = "b/", .search = "", .limit = limit}),
              (Names{"b/1.txt", "b/2.txt", "b/c/"}))
        << "the folder is no item of itself";
    EXPECT_EQ(all_pages(contents, {.prefix = "d", .search = "", .limit = limit}), Names{"d/"});
    EXPECT_EQ(all_pages(contents, {.prefix = "nothing/", .search = "", .limit = limit}), Names{});
  }
}

TEST(FilePage, a_search_finds_all_below_in_any_case) {
  archive::Contents const contents =
      contents_of({"Raw/ÄPFEL.jpg", "Raw/äpfel/", "x/raw.txt", "x/y/RAW.TXT", "other"});
  for (std::size_t const limit : {1U, 2U, 100U}) {
    EXPECT_EQ(all_pages(contents, {.prefix = "", .search = "raw", .limit = limit}),
              (Names{"Raw/ÄPFEL.jpg", "Raw/äpfel/", "x/raw.txt", "x/y/RAW.TXT"}));
    EXPECT_EQ(all_pages(contents, {.prefix = "", .search = "äpFEL", .limit = limit}),
              (Names{"Raw/ÄPFEL.jpg", "Raw/äpfel/"}));
    EXPECT_EQ(all_pages(contents, {.prefix = "Raw/", .search = "raw", .limit = limit}), Names{})
        << "what lies above the prefix is not searched";
  }
}

TEST(FilePage, a_name_that_comes_twice_is_told_twice) {
  archive::Contents const contents = contents_of({"a", "b", "a", "b", "a"});
  for (std::size_t const limit : {1U, 2U, 3U, 100U})
    EXPECT_EQ(all_pages(contents, {.prefix = "", .search = "", .limit = limit}),
              (Names{"a", "a", "a", "b", "b"}));
}

TEST(FilePage, a_file_with_the_name_of_the_prefix_is_an_item) {
  archive::Contents const contents = contents_of({"a", "a/b", "ab"});
  EXPECT_EQ(all_pages(contents, {.prefix = "a", .search = "", .limit = 2}),
            (Names{"a", "a/", "ab"}));
}

TEST(FilePage, the_query_is_read_strictly) {
  FileQuery const query = parse_file_query("prefix=a%2Fb%20c%2F&search=x&limit=7");
  EXPECT_EQ(query.prefix, "a/b c/");
  EXPECT_EQ(query.search, "x");
  EXPECT_EQ(query.limit, 7U);
  EXPECT_EQ(parse_file_query("").limit, 200U);
  EXPECT_EQ(parse_file_query("prefix=&search=&limit=&cursor=").limit, 200U) << "a form's empties";
  for (char const* const wrong :
       {"limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=1-*", "surprise=1", "cursor=-YQ"})
    EXPECT_THROW(parse_file_query(wrong), base::Error) << wrong;
  EXPECT_THROW(parse_file_query("search=" + std::string(1025, 'x')), base::Error);
}

}  // namespace
}  // namespace api
