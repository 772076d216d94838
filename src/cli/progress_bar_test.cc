#include "cli/progress_bar.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr Standing half{.listing = false,
                        .progress = {.entries_done = 1200,
                                     .entries_total = 2400,
                                     .bytes_done = 2'500'000'000,
                                     .bytes_total = 5'000'000'000},
                        .bytes_per_second = 83'000'000};

TEST(ProgressBar, shows_bytes_files_rate_and_time_left) {
  EXPECT_EQ(line_of(half), " 50 %  2.5 GB of 5 GB  1,200 of 2,400 files  83 MB/s  0:31 left");
  EXPECT_EQ(bar_of(half, 90), "[===========>           ] " + line_of(half));
  EXPECT_EQ(bar_of(half, 200).size(), line_of(half).size() + 33) << "a bar is no wider than 30";
}

TEST(ProgressBar, fits_into_any_terminal) {
  for (std::size_t columns = 0; columns < 130; ++columns)
    EXPECT_LE(bar_of(half, columns).size(), columns) << columns;
}

TEST(ProgressBar, shows_a_listing_without_an_end) {
  EXPECT_EQ(
      bar_of({.listing = true, .progress = {.entries_total = 12'345, .bytes_total = 2'000'000}},
             80),
      "listing: 12,345 objects, 2 MB");
}

TEST(ProgressBar, an_end_is_a_hundred_percent_and_no_earlier) {
  Standing standing = half;
  standing.progress.bytes_done = standing.progress.bytes_total - 1;
  EXPECT_EQ(line_of(standing).substr(0, 5), " 99 %");
  standing.progress.bytes_done = standing.progress.bytes_total;
  EXPECT_EQ(bar_of(standing, 90).find('>'), std::string::npos);
  EXPECT_EQ(line_of(standing).substr(0, 5), "100 %");
  EXPECT_EQ(
      line_of({.listing = false, .progress = {.entries_done = 1, .entries_total = 1}}).substr(0, 5),
      "100 %")
      << "of empty files alone";
}

TEST(ProgressBar, has_a_form_for_programs) {
  EXPECT_EQ(json_of(half),
            R"({"event":"progress","phase":"zipping","entries_done":1200,"entries_total":2400,)"
            R"("bytes_done":2500000000,"bytes_total":5000000000,"bytes_per_second":83000000,)"
            R"("seconds_left":31})");
}

TEST(ProgressBar, numbers_and_times_are_for_people) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1'000), "1,000");
  EXPECT_EQ(with_commas(1'234'567), "1,234,567");
  EXPECT_EQ(clock_of(9), "0:09");
  EXPECT_EQ(clock_of(754), "12:34");
  EXPECT_EQ(clock_of(3723), "1:02:03");
}

TEST(RateMeter, forgets_what_was_long_ago) {
  RateMeter meter;
  RateMeter::Time now{};
  EXPECT_EQ(meter.bytes_per_second(), 0);
  meter.note(0, now);
  meter.note(1000, now += 1s);
  EXPECT_DOUBLE_EQ(meter.bytes_per_second(), 1000);
  std::uint64_t bytes = 1000;
  for (int i = 0; i < 20; ++i) meter.note(bytes += 10, now += 1s);
  EXPECT_DOUBLE_EQ(meter.bytes_per_second(), 10);
}

}  // namespace
}  // namespace cli
