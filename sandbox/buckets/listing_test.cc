#include "sandbox/buckets/listing.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

Index index_of(std::set<std::string> const& keys) {
  Index index;
  for (std::string const& key : keys) index.emplace(key, std::make_shared<Object const>());
  return index;
}

// All pages' keys and common prefixes, in the order they came.
std::vector<std::string> pages(Index const& index, ListQuery query) {
  std::vector<std::string> all;
  for (;;) {
    ListPage const page = list_page(index, query);
    EXPECT_LE(page.items.size() + page.common_prefixes.size(), query.max_items);
    std::set<std::string> told(page.common_prefixes.begin(), page.common_prefixes.end());
    for (auto const& item : page.items) told.insert(item.key);
    all.insert(all.end(), told.begin(), told.end());
    if (!page.truncated) return all;
    EXPECT_EQ(page.last, *told.rbegin());
    query.after = page.last;
  }
}

// The definition of S3's listing, without any cleverness.
std::vector<std::string> expected(std::set<std::string> const& keys, ListQuery const& query) {
  std::set<std::string> told;
  for (std::string const& key : keys) {
    if (!key.starts_with(query.prefix)) continue;
    std::size_t const at = query.delimiter.empty() ? std::string::npos
                                                   : key.find(query.delimiter, query.prefix.size());
    told.insert(at == std::string::npos ? key : key.substr(0, at + query.delimiter.size()));
  }
  return {told.begin(), told.end()};
}

TEST(Listing, keys_come_in_the_order_of_their_bytes) {
  Index const index =
      index_of({"a", "B", "a/b", "a-b", "a\xC3\xA9", "a\x01", "\xF0\x9F\x98\x80", "z"});
  std::vector<std::string> const wanted{"B",   "a",         "a\x01", "a-b",
                                        "a/b", "a\xC3\xA9", "z",     "\xF0\x9F\x98\x80"};
  EXPECT_EQ(pages(index, {}), wanted);
}

TEST(Listing, a_page_of_none_is_not_truncated) {
  ListPage const page = list_page(index_of({"a"}), ListQuery{"", "", "", 0});
  EXPECT_TRUE(page.items.empty());
  EXPECT_FALSE(page.truncated);
}

TEST(Listing, a_start_that_is_the_prefix_hides_nothing_below_it) {
  ListPage const page =
      list_page(index_of({"a/", "a/b"}), {.prefix = "a/", .delimiter = "/", .after = "a/"});
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items.front().key, "a/b");
}

TEST(Listing, a_start_inside_a_common_prefix_tells_the_prefix_for_what_is_behind) {
  Index const index = index_of({"a/b", "a/d", "c"});
  EXPECT_EQ(pages(index, ListQuery{"", "/", "a/b", 1000}), (std::vector<std::string>{"a/", "c"}));
  EXPECT_EQ(pages(index, ListQuery{"", "/", "a/d", 1000}), std::vector<std::string>{"c"});
  EXPECT_EQ(pages(index, ListQuery{"", "/", "a/", 1000}), std::vector<std::string>{"c"});
}

TEST(Listing, prefixes_of_the_highest_byte_end_the_listing) {
  EXPECT_EQ(after_all_of("a\xFF\xFF"), "b");
  EXPECT_EQ(after_all_of("\xFF"), "");
  EXPECT_EQ(pages(index_of({"\xFF/a", "\xFF/b"}), ListQuery{"", "/", "", 1000}),
            std::vector<std::string>{"\xFF/"});
}

TEST(Listing, property_pages_of_every_size_tell_the_same_as_the_definition) {
  unsigned const seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::string_view const alphabet = "ab//-\xC3\xFF";
  auto const text = [&](std::size_t most) {
    std::string made;
    for (std::size_t n = random() % (most + 1); n > 0; --n) made += alphabet[random() % 7];
    return made;
  };
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> keys;
    for (std::size_t n = random() % 60; n > 0; --n) keys.insert("k" + text(7));
    Index const index = index_of(keys);
    ListQuery query{
        .prefix = round % 3 == 0 ? "" : "k" + text(2), .delimiter = text(1), .after = {}};
    for (std::size_t const size : {1U, 2U, 3U, 7U, 1000U}) {
      query.max_items = size;
      EXPECT_EQ(pages(index, query), expected(keys, query))
          << "prefix '" << query.prefix << "' delimiter '" << query.delimiter << "' " << size;
    }
  }
}

}  // namespace
}  // namespace sandbox
