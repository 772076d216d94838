// Shows the progress of a zip on standard error: a bar if that is a terminal, else a line now and
// then, or JSON for programs.
#pragma once

#include "archive/progress.h"
#include "net/task.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace cli {

enum class ShowAs : std::uint8_t { nothing, bar, lines, json };

// The state to show.
struct Standing {
  bool listing = true;  // the totals still grow
  archive::Progress progress = {};
  double bytes_per_second = 0;  // lately; 0: not known
  std::optional<std::uint64_t> seconds_left() const;
};

// "[=====>    ]  50 %  2.5 of 5 GB  1,200 of 2,400 files  83 MB/s  0:30 left", at most so wide.
std::string bar_of(Standing const& standing, std::size_t columns);
std::string line_of(Standing const& standing);  // the same without the bar
std::string json_of(Standing const& standing);  // {"event":"progress",…}

std::string with_commas(std::uint64_t number);  // 1,234,567
std::string clock_of(std::uint64_t seconds);    // 0:09, 12:34, 1:02:03

// The rate of the last ten seconds or so.
class RateMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  void note(std::uint64_t bytes_done, Time now);
  double bytes_per_second() const;

 private:
  std::deque<std::pair<Time, std::uint64_t>> notes_;
};

class ProgressBar {
 public:
  // `progress` and `out` are borrowed.
  ProgressBar(archive::LiveProgress const& progress, ShowAs how, std::FILE* out)
      : progress_(progress), how_(how), out_(out) {}

  net::task<void> run();  // until it is cancelled
  void listing_ended() { listing_ = false; }
  void clear();  // takes the bar off the terminal

 private:
  void show();

  archive::LiveProgress const& progress_;
  ShowAs how_;
  std::FILE* out_;
  bool listing_ = true;
  bool shown_ = false;
  RateMeter rate_;
};

}  // namespace cli
