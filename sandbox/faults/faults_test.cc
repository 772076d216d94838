#include "sandbox/faults/faults.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

Faults faults_of(std::string const& text) {
  return Faults(parse_fault_file(text, "faults.toml"));
}

constexpr SteadyTime start{};

// The names of the rules that answer `count` requests, one a request; "-" for none.
std::string answers(Faults& faults, FaultSubject const& subject, int count) {
  std::string names;
  for (int i = 0; i < count; ++i) {
    Strikes const strikes = faults.strikes(subject, start);
    names += strikes.answer.rule == nullptr ? "-" : strikes.answer.rule->name;
  }
  return names;
}

FaultSubject get(std::string_view key, std::string_view bucket = "bucket") {
  return {.call = "GetObject", .bucket = bucket, .key = key, .bytes = {}};
}

TEST(Faults, a_rule_passes_over_the_first_and_strikes_so_many) {
  Faults faults = faults_of("[[fault]]\ndo = \"reset\"\nskip = 2\ntimes = 3");
  EXPECT_EQ(answers(faults, get("a"), 7), "--111--");
}

TEST(Faults, the_first_that_strikes_hides_the_request_from_those_behind) {
  Faults faults = faults_of(
      "[[fault]]\ndo = \"reset\"\ntimes = 2\n[[fault]]\ndo = \"cut\"\n[[fault]]\ndo = \"stall\"\n"
      "skip = 1\ntimes = 0");
  EXPECT_EQ(answers(faults, get("a"), 6), "112-33");
}

TEST(Faults, call_bucket_key_bytes_and_part_all_must_fit) {
  Faults faults = faults_of(R"(
    [[fault]]
    do = "reset"
    times = "all"
    call = ["GetObject", "UploadPartCopy"]
    bucket = ["one", "two"]
    key = "a/*.jpg"
    bytes = "100-199"
    part = 4
  )");
  FaultSubject const fitting{
      .call = "GetObject", .bucket = "two", .key = "a/b/c.jpg", .bytes = {0, 100}, .part = 4};
  EXPECT_EQ(answers(faults, fitting, 1), "1");
  for (int wrong = 0; wrong < 5; ++wrong) {
    FaultSubject other = fitting;
    if (wrong == 0) other.call = "HeadObject";
    if (wrong == 1) other.bucket = "three";
    if (wrong == 2) other.key = "a/b.jpeg";
    if (wrong == 3) other.bytes = {0, 99};
    if (wrong == 4) other.part = 5;
    EXPECT_EQ(answers(faults, other, 1), "-") << wrong;
  }
}

TEST(Faults, patterns) {
  EXPECT_TRUE(fits_pattern("a/b", "a/b"));
  EXPECT_FALSE(fits_pattern("a/bc", "a/b"));
  EXPECT_TRUE(fits_pattern("", "*"));
  EXPECT_TRUE(fits_pattern("abc", "*"));
  EXPECT_TRUE(fits_pattern("abc", "a*c"));
  EXPECT_TRUE(fits_pattern("ac", "a*c"));
  EXPECT_FALSE(fits_pattern("a", "a*a"));
  EXPECT_TRUE(fits_pattern("xaxbx", "*a*b*"));
  EXPECT_FALSE(fits_pattern("xbxax", "*a*b*"));
  EXPECT_TRUE(fits_pattern("abab", "*ab"));
  EXPECT_FALSE(fits_pattern("aba", "*ab"));
}

TEST(Faults, rules_of_no_bucket_mean_all_in_the_order_of_the_file) {
  Faults faults = faults_of(
      "[[fault]]\ndo = \"reset\"\nbucket = \"one\"\n[[fault]]\ndo = \"reset\"\ntimes = 3\n"
      "[[fault]]\ndo = \"reset\"\nbucket = \"one\"");
  EXPECT_EQ(answers(faults, get("a", "one"), 2), "12");
  EXPECT_EQ(answers(faults, get("a", "two"), 1), "2");
  EXPECT_EQ(answers(faults, get("a", "one"), 3), "23-");
}

TEST(Faults, delays_add_up_and_the_slowest_rate_holds_beside_an_answer) {
  Faults faults = faults_of(
      "[[fault]]\ndo = \"delay\"\nms = 20\n[[fault]]\ndo = \"reset\"\n"
      "[[fault]]\ndo = \"delay\"\nms = 5\n[[fault]]\ndo = \"rate\"\nbytes_per_second = 900\n"
      "[[fault]]\ndo = \"rate\"\nbytes_per_second = 300");
  Strikes const strikes = faults.strikes(get("a"), start);
  EXPECT_EQ(strikes.delay, std::chrono::milliseconds(25));
  EXPECT_EQ(strikes.bytes_per_second, 300U);
  ASSERT_NE(strikes.answer.rule, nullptr);
  EXPECT_EQ(strikes.answer.rule->name, "2");
}

TEST(Faults, views_are_counted_apart) {
  Faults faults = faults_of(
      "[[fault]]\ndo = \"vanish\"\nkey = \"a\"\nskip = 1\n[[fault]]\ndo = \"change\"\ntimes = 0\n"
      "[[fault]]\ndo = \"reset\"");
  EXPECT_EQ(answers(faults, get("a"), 2), "3-");
  EXPECT_EQ(faults.view(get("a")).rule->name, "2");
  EXPECT_EQ(faults.view(get("a")).rule->name, "1");
  EXPECT_EQ(faults.view(get("b")).rule->name, "2");
}

TEST(Faults, the_store_is_away_for_its_time_and_for_its_buckets) {
  using std::chrono::milliseconds;
  Faults faults = faults_of("[[fault]]\ndo = \"away\"\nms = 500\nskip = 1\nbucket = \"one\"");
  faults.strikes(get("a", "one"), start);
  EXPECT_FALSE(faults.is_away("one", start));
  EXPECT_NE(faults.strikes(get("a", "one"), start).answer.rule, nullptr);
  EXPECT_TRUE(faults.is_away("one", start));
  EXPECT_TRUE(faults.is_away("one", start + milliseconds(499)));
  EXPECT_FALSE(faults.is_away("one", start + milliseconds(500)));
  EXPECT_FALSE(faults.is_away("two", start));
  EXPECT_TRUE(faults.can_go_away("one"));
  EXPECT_FALSE(faults.can_go_away("two"));
}

std::string chances(std::string const& seed, std::string const& name) {
  Faults faults = faults_of("seed = " + seed + "\n[[fault]]\nname = \"" + name +
                            "\"\ndo = \"cut\"\nprobability = 0.3");
  std::string found;
  for (char const c : answers(faults, get("a"), 1000)) found += c == '-' ? '-' : 'x';
  return found.substr(0, 1000);
}

TEST(Faults, chances_depend_on_the_seed_and_the_rules_name) {
  std::string const one = chances("42", "r");
  EXPECT_EQ(one, chances("42", "r"));
  EXPECT_NE(one, chances("43", "r"));
  EXPECT_NE(one, chances("42", "s"));
  auto const count = std::ranges::count(one, 'x');
  EXPECT_GT(count, 250);
  EXPECT_LT(count, 350);
}

TEST(Faults, counts_are_right_with_many_threads) {
  Faults faults = faults_of("[[fault]]\ndo = \"cut\"\nskip = 1000\ntimes = 700");
  std::atomic<int> struck = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n)
        struck += faults.strikes(get("a"), start).answer.rule == nullptr ? 0 : 1;
    });
  }
  threads.clear();
  EXPECT_EQ(struck, 700);
}

}  // namespace
}  // namespace sandbox
