#include "sandbox/buckets/virtual_content.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

std::string content(std::string_view seed, std::uint64_t size, std::uint64_t offset,
                    std::size_t count) {
  std::string text(count, '\0');
  VirtualContent(seed, size).fill(offset, text);
  return text;
}

// test/sandbox/virtual_test.py holds the Python generator to the same value.
TEST(VirtualContent, golden_bytes_of_the_definition) {
  std::string const text = content("some/key", 200'000, 0, 200'000);
  EXPECT_EQ(base::hex(base::sha256(text)),
            "18eaf756a1a87c21c39d699009755be1f666d2c27ca715ad999ca9c8509ca6a8");
}

TEST(VirtualContent, property_any_range_is_the_same_bytes) {
  unsigned const seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::string const whole = content("key", 300'001, 0, 300'001);
  for (int i = 0; i < 2000; ++i) {
    std::size_t const offset = random() % whole.size();
    std::size_t const most = i % 2 == 0 ? 20 : whole.size();
    std::size_t const count = random() % (std::min(whole.size() - offset, most) + 1);
    ASSERT_EQ(content("key", whole.size(), offset, count), whole.substr(offset, count))
        << offset << " " << count;
  }
}

TEST(VirtualContent, a_small_object_starts_as_a_large_one_does) {
  EXPECT_EQ(content("key", 13, 0, 13), content("key", 1 << 20, 0, 13));
}

TEST(VirtualContent, words_differ_everywhere) {
  std::string const near = content("key", 100 * base::limits::GiB, 0, 1 << 20);
  std::string const far = content("key", 100 * base::limits::GiB, 99 * base::limits::GiB, 1 << 20);
  std::string const other = content("other", 1 << 20, 0, 1 << 20);
  std::vector<std::uint64_t> words;
  for (std::string const& text : {near, far, other}) {
    for (std::size_t at = 0; at < text.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, 8);
      words.push_back(word);
    }
  }
  std::ranges::sort(words);
  EXPECT_EQ(std::ranges::adjacent_find(words), words.end());
}

}  // namespace
}  // namespace sandbox
