// The window of requests in flight: the effects of SlowDown and success.
#include "s3/window.h"

#include <deque>

#include <gtest/gtest.h>

namespace s3 {
namespace {

TEST(Window, has_room_for_as_many_as_its_size) {
  Window window;
  std::deque<Window::Use> uses;
  while (window.has_room()) uses.emplace_back(window);
  EXPECT_EQ(uses.size(), base::limits::max_s3_requests);
  uses.pop_back();
  EXPECT_TRUE(window.has_room());
}

TEST(Window, slow_down_halves_what_was_in_flight_once_a_burst) {
  Window window;
  std::deque<Window::Use> uses;
  for (int i = 0; i < 40; ++i) uses.emplace_back(window);
  window.slow_down();
  window.slow_down();
  EXPECT_EQ(window.size(), 20U);
  EXPECT_FALSE(window.has_room());
  while (uses.size() > 19) uses.pop_back();
  EXPECT_TRUE(window.has_room());
}

TEST(Window, a_window_of_successes_opens_it_by_one) {
  Window window;
  std::deque<Window::Use> uses;
  for (int i = 0; i < 20; ++i) uses.emplace_back(window);
  window.slow_down();
  ASSERT_EQ(window.size(), 10U);
  for (int i = 0; i < 11; ++i) window.succeeded();
  EXPECT_EQ(window.size(), 11U);
}

TEST(Window, never_closes) {
  Window window;
  window.slow_down();
  EXPECT_EQ(window.size(), 1U);
  EXPECT_TRUE(window.has_room());
}

}  // namespace
}  // namespace s3
