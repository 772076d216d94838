#include "s3/ailing.h"

#include "net/runtime.h"
#include "net/task_group.h"

#include <vector>

#include <gtest/gtest.h>

namespace s3 {
namespace {

using Turns = std::vector<std::optional<AilingObjects::Turn>>;

net::task<void> take(AilingObjects& objects, std::string name, Turns& turns) {
  auto turn = co_await objects.take_turn(std::move(name));
  turns.push_back(std::move(turn));
}

net::task<void> take_thrice(AilingObjects& objects, bool recovers) {
  net::Executor const loop = co_await net::this_loop();
  net::TaskGroup readers(loop);
  Turns turns;
  turns.reserve(3);
  for (int i = 0; i < 3; ++i) readers.spawn(take(objects, "s3://b/k", turns));
  co_await readers.wait_one();
  EXPECT_EQ(turns.size(), 1U) << "the others wait";
  if (turns.empty() || !turns[0]) co_return;
  turns[0]->failures() = 7;
  EXPECT_TRUE(objects.is_ailing("s3://b/k"));
  EXPECT_FALSE(objects.is_ailing("s3://b/other"));
  if (recovers) objects.note_recovery("s3://b/k");
  turns[0].reset();
  co_await readers.wait_one();
  EXPECT_EQ(turns.size(), recovers ? 3U : 2U);
  EXPECT_EQ(turns[1].has_value(), !recovers);
  if (turns[1]) EXPECT_EQ(turns[1]->failures(), 7) << "whosever turn it is";
  turns[1].reset();
  co_await readers.wait_all();
  turns.clear();
  EXPECT_FALSE(objects.is_ailing("s3://b/k"));
}

TEST(AilingObjects, are_tried_by_one_after_the_other) {
  AilingObjects objects;
  net::run_to_end(take_thrice(objects, false));
}

TEST(AilingObjects, that_recover_are_tried_by_all) {
  AilingObjects objects;
  net::run_to_end(take_thrice(objects, true));
}

}  // namespace
}  // namespace s3
