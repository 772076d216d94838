#include "api/zips/list.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace api {
namespace {

std::string complaint(std::string_view query, ListedThing what = ListedThing::zips) {
  try {
    parse_list_query(query, what);
  } catch (base::Error const& error) {
    return std::string(error.message());
  }
  return "";
}

TEST(NativeList, reads_its_query) {
  NativeList const list = parse_list_query(
      "state=running&createdAfter=2026-11-22T12:00:00Z&limit=7", ListedThing::zips);
  EXPECT_EQ(list.state, store::JobState::running);
  EXPECT_EQ(list.page.created_from, 1795348800);
  EXPECT_EQ(list.page.limit, 7U);
  EXPECT_FALSE(list.page.after);
  EXPECT_EQ(list.page.search, "");
  EXPECT_EQ(parse_list_query("", ListedThing::streams).page.limit, 50U);
  EXPECT_EQ(parse_list_query("search=a%2FB", ListedThing::streams).page.search, "a/B");
}

TEST(NativeList, goes_on_at_the_cursor_that_it_gave) {
  std::string const cursor = cursor_of(1795348800, "0b2f-3c");
  NativeList const list = parse_list_query("cursor=" + cursor, ListedThing::zips);
  ASSERT_TRUE(list.page.after);
  EXPECT_EQ(list.page.after->created_at, 1795348800);
  EXPECT_EQ(list.page.after->id, "0b2f-3c");
}

TEST(NativeList, takes_a_limit_in_any_spelling_of_a_number) {
  EXPECT_EQ(parse_list_query("limit=20.0", ListedThing::zips).page.limit, 20U);
}

TEST(NativeList, names_the_field_that_is_wrong) {
  EXPECT_EQ(complaint("state=odd"),
            "state must be one of: pending, running, retrying, succeeded, failed, cancelled");
  EXPECT_EQ(complaint("state=running", ListedThing::streams), "the query has no field \"state\"");
  EXPECT_EQ(complaint("limit=0"), "limit must be a whole number from 1 to 200");
  EXPECT_EQ(complaint("limit=201"), "limit must be a whole number from 1 to 200");
  EXPECT_EQ(complaint("cursor=x"), "cursor is none that this server has given");
  EXPECT_EQ(complaint("createdAfter=now"),
            "createdAfter must be a time such as 2026-11-22T12:00:00Z");
  EXPECT_EQ(complaint("search=" + std::string(257, 'a')), "search is longer than 256 bytes");
  EXPECT_EQ(complaint("page=2"), "the query has no field \"page\"");
}

}  // namespace
}  // namespace api
