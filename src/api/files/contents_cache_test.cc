// The lists that are kept, and those that have to go.
#include "api/files/contents_cache.h"

#include "base/service_limits.h"

#include <gtest/gtest.h>

namespace api {
namespace {

using Clock = ContentsCache::Clock;

std::shared_ptr<archive::Contents const> list_of(std::size_t entries) {
  auto const contents = std::make_shared<archive::Contents>();
  for (std::size_t i = 0; i < entries; ++i) contents->add({.name = "name"});
  return contents;
}

class ContentsCacheTest : public testing::Test {
 protected:
  void put(std::string const& id, std::size_t entries) {
    cache_.put(id, {.contents = list_of(entries), .version = id + "'s"}, now_);
    now_ += std::chrono::seconds(1);
  }
  bool has(std::string const& id) {
    now_ += std::chrono::seconds(1);
    auto const kept = cache_.find(id, now_);
    EXPECT_TRUE(!kept || kept->version == id + "'s");
    return kept.has_value();
  }

  Clock::time_point now_ = Clock::now();
  // Room for two lists of a block of names each, and their rows.
  ContentsCache cache_{2 * list_of(100)->memory_bytes() + 1};
};

TEST_F(ContentsCacheTest, the_one_unused_for_longest_goes) {
  put("a", 100);
  put("b", 100);
  EXPECT_TRUE(has("a"));
  put("c", 100);
  EXPECT_TRUE(has("a"));
  EXPECT_FALSE(has("b"));
  EXPECT_TRUE(has("c"));
  put("c", 100);
  EXPECT_TRUE(has("a")) << "a list that is put again takes its old one's room";
}

TEST_F(ContentsCacheTest, a_list_that_is_too_long_is_not_kept_and_drops_no_other) {
  put("a", 100);
  put("long", 10'000);
  EXPECT_TRUE(has("a"));
  EXPECT_FALSE(has("long"));
}

TEST_F(ContentsCacheTest, a_list_that_nobody_asks_for_goes_in_time) {
  put("a", 100);
  now_ += base::limits::kept_contents_time - std::chrono::seconds(5);
  EXPECT_TRUE(has("a"));
  now_ += base::limits::kept_contents_time + std::chrono::seconds(5);
  EXPECT_FALSE(has("a"));
}

}  // namespace
}  // namespace api
