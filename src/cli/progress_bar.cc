#include "cli/progress_bar.h"

#include "base/text.h"
#include "net/deadline.h"

#include <algorithm>
#include <cmath>
#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cli {

using namespace std::chrono_literals;

namespace {

constexpr auto rate_window = 10s;
constexpr std::size_t widest_bar = 30;
constexpr std::size_t narrowest_bar = 8;

std::chrono::microseconds interval(ShowAs how) {
  switch (how) {
    case ShowAs::bar:
      return 200ms;
    case ShowAs::json:
      return 1s;
    case ShowAs::lines:
    case ShowAs::nothing:
      break;
  }
  return 10s;
}

std::size_t columns_of_terminal() {
  struct winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

double fraction_of(Standing const& standing) {
  auto const ratio = [](std::uint64_t done, std::uint64_t total) {
    return total == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(total);
  };
  if (standing.progress.bytes_total > 0)
    return std::min(1.0, ratio(standing.progress.bytes_done, standing.progress.bytes_total));
  return ratio(standing.progress.entries_done, standing.progress.entries_total);
}

std::string whole_seconds_left(Standing const& standing) {
  auto const left = standing.seconds_left();
  return left ? fmt::format("  {} left", clock_of(*left)) : "";
}

std::string rate_text(Standing const& standing) {
  if (standing.bytes_per_second <= 0) return "";
  return fmt::format("  {}/s",
                     base::human_size(static_cast<std::uint64_t>(standing.bytes_per_second)));
}

}  // namespace

std::optional<std::uint64_t> Standing::seconds_left() const {
  if (listing || bytes_per_second <= 0 || progress.bytes_done > progress.bytes_total)
    return std::nullopt;
  double const left =
      static_cast<double>(progress.bytes_total - progress.bytes_done) / bytes_per_second;
  if (left > 1e9) return std::nullopt;
  return static_cast<std::uint64_t>(std::ceil(left));
}

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string clock_of(std::uint64_t seconds) {
  std::uint64_t const minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{}:{:02}", minutes, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", minutes / 60, minutes % 60, seconds % 60);
}

std::string line_of(Standing const& standing) {
  if (standing.listing) {
    return fmt::format("listing: {} objects, {}", with_commas(standing.progress.entries_total),
                       base::human_size(standing.progress.bytes_total));
  }
  return fmt::format(
      "{:3.0f} %  {} of {}  {} of {} files{}{}", std::floor(100 * fraction_of(standing)),
      base::human_size(standing.progress.bytes_done),
      base::human_size(standing.progress.bytes_total), with_commas(standing.progress.entries_done),
      with_commas(standing.progress.entries_total), rate_text(standing),
      whole_seconds_left(standing));
}

std::string bar_of(Standing const& standing, std::size_t columns) {
  std::string const text = line_of(standing);
  std::size_t const room = columns > text.size() + 4 ? columns - text.size() - 4 : 0;
  if (standing.listing || room < narrowest_bar) return text.substr(0, columns);
  std::size_t const width = std::min(room, widest_bar);
  auto const filled = static_cast<std::size_t>(fraction_of(standing) * static_cast<double>(width));
  std::string bar(filled, '=');
  if (filled < width) bar += '>';
  bar.resize(width, ' ');
  return fmt::format("[{}] {}", bar, text);
}

std::string json_of(Standing const& standing) {
  boost::json::object event{{"event", "progress"},
                            {"phase", standing.listing ? "listing" : "zipping"},
                            {"entries_done", standing.progress.entries_done},
                            {"entries_total", standing.progress.entries_total},
                            {"bytes_done", standing.progress.bytes_done},
                            {"bytes_total", standing.progress.bytes_total}};
  if (standing.bytes_per_second > 0)
    event["bytes_per_second"] = static_cast<std::uint64_t>(standing.bytes_per_second);
  if (auto const left = standing.seconds_left()) event["seconds_left"] = *left;
  return boost::json::serialize(event);
}

void RateMeter::note(std::uint64_t bytes_done, Time now) {
  notes_.emplace_back(now, bytes_done);
  while (notes_.size() > 2 && now - notes_[1].first >= rate_window) notes_.pop_front();
}

double RateMeter::bytes_per_second() const {
  if (notes_.size() < 2) return 0;
  std::chrono::duration<double> const time = notes_.back().first - notes_.front().first;
  std::uint64_t const first = notes_.front().second;
  std::uint64_t const last = notes_.back().second;
  if (time.count() <= 0 || last < first) return 0;
  return static_cast<double>(last - first) / time.count();
}

net::task<void> ProgressBar::run() {
  if (how_ == ShowAs::nothing) co_return;
  std::chrono::microseconds const pause = interval(how_);
  for (;;) {
    co_await net::sleep(pause);
    show();
  }
}

void ProgressBar::show() {
  if (!listing_) rate_.note(progress_.bytes_done, std::chrono::steady_clock::now());
  Standing const standing{.listing = listing_,
                          .progress = progress_.now(),
                          .bytes_per_second = rate_.bytes_per_second()};
  if (how_ == ShowAs::bar) {
    fmt::print(out_, "\r{}\x1b[K", bar_of(standing, columns_of_terminal() - 1));
    shown_ = true;
  } else {
    fmt::print(out_, "{}\n", how_ == ShowAs::json ? json_of(standing) : line_of(standing));
  }
  std::fflush(out_);
}

void ProgressBar::clear() {
  if (shown_) fmt::print(out_, "\r\x1b[K");
  std::fflush(out_);
  shown_ = false;
}

}  // namespace cli
