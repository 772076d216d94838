// The primitives that every task above relies on: deadlines, cancellation, waiting, streams.
#include "base/error.h"
#include "net/blocking.h"
#include "net/connect.h"
#include "net/deadline.h"
#include "net/event.h"
#include "net/latch.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/take.h"
#include "net/task_group.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace net {
namespace {

using namespace std::chrono_literals;
using base::Fault;

// The fault that `work` ends with; nullopt if it succeeds.
task<std::optional<Fault>> fault_of(task<void> work) {
  try {
    co_await std::move(work);
  } catch (base::Error const& error) {
    co_return error.fault();
  } catch (base::Cancelled const&) {
    co_return Fault::cancelled;
  }
  co_return std::nullopt;
}

task<int> answer_after(std::chrono::milliseconds time) {
  co_await sleep(time);
  co_return 42;
}

task<void> fail_after(std::chrono::milliseconds time) {
  co_await sleep(time);
  throw base::Error(Fault::corrupt, "on purpose");
}

task<void> deadlines_give_value_error_or_timeout() {
  EXPECT_EQ(co_await with_deadline(answer_after(1ms), 10s, "a call"), 42);
  EXPECT_EQ(co_await fault_of(with_deadline(fail_after(1ms), 10s, "a call")), Fault::corrupt);
  EXPECT_EQ(co_await fault_of(with_deadline(fail_after(10s), 5ms, "a call")), Fault::timeout);
}
TEST(Deadline, gives_value_error_or_timeout) {
  run_to_end(deadlines_give_value_error_or_timeout());
}

struct EndMark {
  bool& ended;
  ~EndMark() { ended = true; }
};

task<void> sleep_and_mark(bool& ended) {
  EndMark const mark{ended};
  co_await sleep(1h);
}

task<void> a_group_cancels_its_tasks() {
  bool ended = false;
  {
    TaskGroup group(co_await this_loop());
    group.spawn(sleep_and_mark(ended));
    co_await sleep(1ms);
    EXPECT_EQ(group.running(), 1U);
    EXPECT_FALSE(ended);
  }
  co_await sleep(1ms);
  EXPECT_TRUE(ended);
}
TEST(TaskGroup, cancels_its_tasks_when_it_goes) {
  run_to_end(a_group_cancels_its_tasks());
}

task<void> a_group_reports_the_first_error() {
  TaskGroup group(co_await this_loop());
  group.spawn(fail_after(1ms));
  group.spawn(sleep(2ms));
  EXPECT_EQ(co_await fault_of(group.wait_all()), Fault::corrupt);
  EXPECT_EQ(group.running(), 0U);
}
TEST(TaskGroup, reports_the_first_error) {
  run_to_end(a_group_reports_the_first_error());
}

task<void> take_and_keep(base::Budget& budget, std::vector<base::Budget::Grant>& kept) {
  auto grant = co_await take(budget, 60);
  kept.push_back(std::move(grant));
}

task<void> the_budget_waits_and_survives_cancellation() {
  base::Budget budget(100);
  std::vector<base::Budget::Grant> kept;
  co_await take_and_keep(budget, kept);
  {
    TaskGroup group(co_await this_loop());
    group.spawn(take_and_keep(budget, kept));
    co_await sleep(1ms);
    EXPECT_EQ(kept.size(), 1U);
  }
  co_await sleep(1ms);  // the waiting task is gone, and so is its place in line
  kept.clear();
  EXPECT_EQ(budget.used_bytes(), 0U);
  co_await take_and_keep(budget, kept);
  EXPECT_EQ(kept.size(), 1U);
}
TEST(Take, waits_and_survives_cancellation) {
  run_to_end(the_budget_waits_and_survives_cancellation());
}

task<void> blocking_calls_return_and_throw() {
  BlockingPool pool(2);
  auto const succeed = [] { return std::string("done"); };
  EXPECT_EQ(co_await pool.get(succeed), "done");
  auto const fail = [] { throw base::Error(Fault::conflict, "on purpose"); };
  EXPECT_EQ(co_await fault_of(pool.run(fail)), Fault::conflict);
}
TEST(BlockingPool, returns_and_throws) {
  run_to_end(blocking_calls_return_and_throw());
}

// A call under way when its task is cancelled holds references into the task: it is waited for, and
// the cancellation is not forgotten meanwhile.
struct HeldCalls {
  std::atomic<int> begun = 0;
  std::atomic<bool> may_end = false;
  int ended = 0;
};

task<void> call_again_and_again(BlockingPool& pool, HeldCalls& calls) {
  for (;;) {
    auto const held = [&calls] {
      ++calls.begun;
      calls.may_end.wait(false);
      ++calls.ended;
      throw base::Error(Fault::unavailable, "on purpose");
    };
    try {
      co_await pool.run(held);
    } catch (base::Error const&) {
      continue;  // a retry, which a cancelled task must not reach
    }
  }
}

task<void> a_cancelled_task_ends_after_its_call() {
  BlockingPool pool(1);
  HeldCalls calls;
  TaskGroup group(co_await this_loop());
  group.spawn(call_again_and_again(pool, calls));
  while (calls.begun == 0) co_await sleep(1ms);
  group.cancel();
  co_await sleep(1ms);
  EXPECT_EQ(group.running(), 1U);
  calls.may_end = true;
  calls.may_end.notify_all();
  EXPECT_EQ(co_await fault_of(group.wait_all()), Fault::cancelled);
  EXPECT_EQ(calls.ended, 1);
}
TEST(BlockingPool, a_cancelled_task_ends_after_its_call) {
  run_to_end(a_cancelled_task_ends_after_its_call());
}

TEST(Runtime, stops_tasks_of_its_loops_wherever_they_wait) {
  bool ended = false;
  {
    Runtime runtime(2);
    spawn_detached(runtime.loops().back(), sleep_and_mark(ended), "sleeper");
  }
  EXPECT_TRUE(ended);
}

task<void> echo(std::unique_ptr<Stream> stream) {
  std::vector<char> buffer(4096);
  while (std::size_t const got = co_await stream->read_some(buffer)) {
    std::string_view const pieces[] = {"", std::string_view(buffer.data(), got)};
    co_await stream->write(pieces);
  }
}

task<std::string> read_exactly(Stream& stream, std::size_t count) {
  std::string text(count, '\0');
  std::span<char> rest(text);
  while (!rest.empty()) {
    std::size_t const got = co_await stream.read_some(rest);
    if (got == 0) break;
    rest = rest.subspan(got);
  }
  co_return text.substr(0, count - rest.size());
}

task<void> bytes_come_back_from(Address address) {
  auto stream = co_await connect(address);
  std::string const sent(100'000, 'x');
  std::string_view const pieces[] = {sent, "end"};
  co_await stream->write(pieces);
  std::string const got = co_await read_exactly(*stream, sent.size() + 3);
  EXPECT_EQ(got, sent + "end");
  EXPECT_TRUE(stream->quiet());
  stream->set_idle_timeout(20ms);
  char byte = 0;
  std::span<char> const one(&byte, 1);
  try {
    co_await stream->read_some(one);
    ADD_FAILURE() << "a silent peer must end in a timeout";
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), Fault::timeout);
  }
}

TEST(Stream, carries_bytes_and_watches_for_silence) {
  Runtime runtime(2);
  Listener listener(runtime.loops(), parse_address("127.0.0.1:0"));
  spawn_detached(runtime.loops().front(), listener.run(echo), "listener");
  run_to_end(bytes_come_back_from({"127.0.0.1", listener.port()}));
  listener.stop();
}

task<void> refused() {
  Address const nobody{"127.0.0.1", 1};
  try {
    co_await connect(nobody);
    ADD_FAILURE() << "port 1 must refuse";
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), Fault::unavailable);
    EXPECT_NE(std::string(error.what()).find("127.0.0.1:1"), std::string::npos);
  }
}
TEST(Connect, names_who_refused) {
  run_to_end(refused());
}

TEST(Connect, addresses_are_read_strictly) {
  EXPECT_EQ(parse_address("127.0.0.1:80"), (Address{"127.0.0.1", 80}));
  EXPECT_EQ(parse_address("[::1]:8080"), (Address{"::1", 8080}));
  for (char const* wrong : {"", "localhost", ":80", "a:70000", "a:-1", "a:"}) {
    EXPECT_THROW(parse_address(wrong), base::Error) << wrong;
  }
}

task<void> wait_into(std::vector<Latch*> latches, std::chrono::milliseconds limit,
                     std::atomic<int>& heard) {
  bool const set = co_await wait_any(std::move(latches), limit);
  heard += set ? 1 : 100;
}

TEST(Latch, is_heard_on_every_loop) {
  Runtime runtime(2);
  Latch latch;
  Latch other;
  std::atomic<int> heard = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    spawn_detached(runtime.loops()[i % 2], wait_into({&latch, &other}, 1h, heard), "listener");
  }
  std::this_thread::sleep_for(5ms);  // some listen by now, others find it set
  latch.set();
  latch.set();
  while (heard < 50) std::this_thread::yield();
  EXPECT_TRUE(latch.is_set());
  EXPECT_FALSE(other.is_set());
  run_to_end(wait_into({&other, &latch}, 1h, heard));
  EXPECT_EQ(heard, 51);
}

TEST(Latch, is_waited_for_so_long_only) {
  Latch latch;
  std::atomic<int> heard = 0;
  run_to_end(wait_into({&latch}, 1ms, heard));
  EXPECT_EQ(heard, 100);
}

task<void> cancel_a_wait(std::atomic<int>& heard) {
  Latch latch;
  TaskGroup group(co_await this_loop());
  group.spawn(wait_into({&latch}, 1h, heard));
  co_await sleep(1ms);
  group.cancel();
  EXPECT_EQ(co_await fault_of(group.wait_all()), Fault::cancelled);
}
TEST(Latch, a_wait_can_be_cancelled) {
  std::atomic<int> heard = 0;
  run_to_end(cancel_a_wait(heard));
  EXPECT_EQ(heard, 0);
}

task<void> drop_the_handle(Latch& latch) {
  Executor const loop = co_await this_loop();
  int calls = 0;
  auto handle = latch.listen(loop, [&] { ++calls; });
  auto const kept = latch.listen(loop, [&] { calls += 10; });
  handle.reset();
  latch.set();
  co_await sleep(1ms);
  auto const late = latch.listen(loop, [&] { calls += 100; });
  co_await sleep(1ms);
  EXPECT_EQ(calls, 110);
}
TEST(Latch, who_has_let_go_hears_no_more) {
  Latch latch;
  run_to_end(drop_the_handle(latch));
}

}  // namespace
}  // namespace net
