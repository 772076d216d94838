// Streams in which something goes wrong or slowly: no end without the whole, no memory kept, no
// reads beyond the window.
#include "archive/testing/sample_plans.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/deadline.h"
#include "net/event.h"
#include "net/runtime.h"
#include "net/take.h"
#include "net/task_group.h"
#include "zip/blocks.h"

#include <algorithm>
#include <functional>
#include <random>

#include <gtest/gtest.h>

namespace archive {
namespace {

namespace limits = base::limits;
using base::Error;
using base::Fault;
using limits::MiB;
using zip::Form;

struct Outcome {
  std::optional<Error> failure;
  std::string bytes;
};

// Streams a plan's whole archive; gives its bytes, or those before the failure.
Outcome try_to_stream(std::shared_ptr<MemoryStore> store, std::shared_ptr<PlannedArchive> archive,
                      base::Budget& budget) {
  Outcome outcome;
  CollectingSink sink(0);
  Streamed const what{.store = store,
                      .archive = archive,
                      .wanted = {0, archive->plan.layout().size()},
                      .budget = &budget};
  try {
    net::run_to_end(stream_into(what, sink));
  } catch (Error const& error) {
    outcome.failure = error;
  }
  outcome.bytes = std::move(sink.bytes);
  EXPECT_EQ(budget.used_bytes(), 0U) << "all memory comes back";
  return outcome;
}

TEST(StreamFaults, a_wrong_crc_on_record_is_an_error_and_no_archive_ends) {
  struct Case {
    char const* name;
    SampleEntry entry;
  };
  for (Case const& one :
       {Case{"small", {Form::stored, 1000, false}}, Case{"large", {Form::stored, 3 * MiB, false}},
        Case{"blocks", {Form::stored_blocks, 70'000, false}}}) {
    SCOPED_TRACE(one.name);
    auto const store = std::make_shared<MemoryStore>();
    auto const archive = make_archive(*store, {{Form::stored, 5, false}, one.entry});
    archive->crcs.set_whole(1, 0x12345678);
    base::Budget budget(16 * MiB);
    Outcome const outcome = try_to_stream(store, archive, budget);
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->fault(), Fault::corrupt);
    EXPECT_NE(std::string(outcome.failure->what()).find("s3://bucket/1-n"), std::string::npos);
    EXPECT_LE(outcome.bytes.size(), archive->plan.layout().central_directory().offset);
  }
}

// An archive with a wrong CRC on record for its first object.
struct WrongRecord {
  std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();
  std::shared_ptr<PlannedArchive> archive =
      make_archive(*store, {{Form::stored, 3 * MiB + 5, false}, {Form::stored, 5, false}});

  WrongRecord() { archive->crcs.set_whole(0, 0x12345678); }

  Outcome deliver(base::Extent wanted) const {
    Outcome outcome;
    CollectingSink sink(wanted.offset);
    base::Budget budget(16 * MiB);
    Streamed const what{.store = store, .archive = archive, .wanted = wanted, .budget = &budget};
    try {
      net::run_to_end(stream_into(what, sink));
    } catch (Error const& error) {
      outcome.failure = error;
    }
    outcome.bytes = std::move(sink.bytes);
    return outcome;
  }
  Outcome from(std::uint64_t offset) const {
    return deliver({offset, archive->plan.layout().size() - offset});
  }
  void expect_corrupt(Outcome const& outcome) const {
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->fault(), Fault::corrupt);
    EXPECT_NE(std::string(outcome.failure->what()).find("s3://bucket/0-"), std::string::npos);
  }
};

TEST(StreamFaults, a_wrong_crc_on_record_is_found_by_the_download_that_resumes_in_the_object) {
  WrongRecord const wrong;
  std::uint64_t const broken = wrong.archive->plan.layout().data(0).offset + 2 * MiB + 77;
  // More was sent than had reached the client when it left.
  EXPECT_FALSE(wrong.deliver({0, broken + 1000}).failure);
  wrong.store->reads.clear();
  wrong.expect_corrupt(wrong.from(broken));
  EXPECT_EQ(wrong.store->reads[0].offset, 2 * MiB) << "the running CRC before that place";
}

TEST(StreamFaults, a_download_cut_for_a_wrong_crc_is_not_resumed_behind_the_object) {
  WrongRecord const wrong;
  wrong.expect_corrupt(wrong.from(0));
  zip::Layout const& layout = wrong.archive->plan.layout();
  for (std::uint64_t const offset :
       {layout.local(1).offset, layout.data(0).end() - 1, layout.central_directory().offset})
    wrong.expect_corrupt(wrong.from(offset));
  // Stretches that do not tell the object's CRC are not held up.
  EXPECT_FALSE(wrong.deliver(layout.local(1)).failure);
  EXPECT_FALSE(wrong.deliver(layout.end_records()).failure);
  EXPECT_FALSE(wrong.deliver(layout.central_header(1)).failure);
}

TEST(StreamFaults, what_was_wrong_once_is_right_again_when_the_bytes_are) {
  WrongRecord const wrong;
  std::uint32_t const right = base::crc32(0, wrong.store->at("bucket", "0-").content.text());
  wrong.archive->crcs.set_whole(0, right);
  wrong.archive->crcs.recall_whole(0, 0x12345678);
  EXPECT_FALSE(wrong.archive->crcs.is_settled(0));
  EXPECT_FALSE(wrong.from(0).failure);
  EXPECT_TRUE(wrong.archive->crcs.is_settled(0));
}

TEST(StreamFaults, a_read_that_fails_anywhere_ends_it_before_the_directory) {
  std::vector<SampleEntry> const entries{{Form::stored, 10, false},
                                         {Form::stored_blocks, 3 * MiB, false},
                                         {Form::stored, 2 * MiB + 1, true},
                                         {Form::stored, 7, true},
                                         {Form::stored, MiB, false}};
  for (std::size_t failing = 0;; ++failing) {
    SCOPED_TRACE(testing::Message() << "read " << failing << " fails");
    auto const store = std::make_shared<MemoryStore>(static_cast<std::uint32_t>(failing));
    store->most_turns = 3;
    auto const archive = make_archive(*store, entries);
    store->failing_read = failing;
    base::Budget budget(16 * MiB);
    Outcome const outcome = try_to_stream(store, archive, budget);
    if (!outcome.failure) {
      if (failing >= store->reads.size()) {
        EXPECT_GE(failing, 9U) << "every read has failed once";
        break;
      }
      // A busy machine made the read slow, and a second one overtook it.
      ASSERT_TRUE(std::ranges::any_of(store->reads, &MemoryStore::ReadCall::hedge));
      continue;
    }
    ASSERT_EQ(outcome.failure->fault(), Fault::unavailable);
    ASSERT_LE(outcome.bytes.size(), archive->plan.layout().central_directory().offset);
  }
}

TEST(StreamFaults, an_object_that_changed_is_named) {
  auto const store = std::make_shared<MemoryStore>();
  auto const archive = make_archive(*store, {{Form::stored, 10, false}, {Form::stored, 10, false}});
  store->at("bucket", "1-n").etag = "\"another\"";
  base::Budget budget(16 * MiB);
  Outcome const outcome = try_to_stream(store, archive, budget);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->fault(), Fault::changed);
  EXPECT_NE(std::string(outcome.failure->what()).find("1-n"), std::string::npos);
}

TEST(StreamFaults, reads_stay_within_window_and_budget) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    auto const store = std::make_shared<MemoryStore>(seed);
    store->most_turns = 5;
    store->window_size = 1 + seed % 6;
    auto const archive =
        make_archive(*store, random_entries(random, 30, {1, 1000, 70'000, MiB, 3 * MiB + 5}, true));
    base::Budget budget((2 + seed % 4) * MiB);
    CollectingSink sink(0);
    sink.before_write = [&] { ASSERT_LE(budget.used_bytes(), budget.total_bytes()); };
    net::run_to_end(stream_into({.store = store,
                                 .archive = archive,
                                 .wanted = {0, archive->plan.layout().size()},
                                 .budget = &budget},
                                sink));
    EXPECT_EQ(sink.bytes.size(), archive->plan.layout().size());
    EXPECT_LE(store->most_reading, store->window_size);
    EXPECT_EQ(budget.used_bytes(), 0U);
  }
}

TEST(StreamFaults, many_small_objects_are_read_at_a_time) {
  auto const store = std::make_shared<MemoryStore>();
  store->most_turns = 300;
  store->window_size = 16;
  auto const archive =
      make_archive(*store, std::vector<SampleEntry>(100, {Form::stored, 100, false}));
  base::Budget budget(16 * MiB);
  EXPECT_FALSE(try_to_stream(store, archive, budget).failure);
  EXPECT_EQ(store->most_reading, 16U);
}

TEST(StreamFaults, a_read_that_never_ends_is_overtaken_by_a_second_one) {
  // Objects take one read, or two; all reads have one size, so that a slow one is soon known.
  for (auto const& [size, count] : {std::pair{std::uint64_t{100}, 200}, std::pair{2 * MiB, 60}}) {
    auto const store = std::make_shared<MemoryStore>();
    store->hanging_read = 100;
    std::vector<SampleEntry> const entries(static_cast<std::size_t>(count),
                                           {Form::stored_blocks, size, false});
    auto const archive = make_archive(*store, entries);
    base::Budget budget(16 * MiB);
    Outcome const outcome = try_to_stream(store, archive, budget);
    EXPECT_FALSE(outcome.failure);
    EXPECT_EQ(outcome.bytes, reference_archive(archive->plan, *store));
    auto const hedges = std::ranges::count(store->reads, true, &MemoryStore::ReadCall::hedge);
    auto const gets = std::ssize(store->reads) - hedges;
    EXPECT_GE(hedges, 1);
    EXPECT_LE(hedges, gets / static_cast<std::ptrdiff_t>(limits::gets_per_hedge) + 1);
  }
}

// From there on one GET at a time is enough for the client.
net::task<void> wait_behind(std::uint64_t place, CollectingSink const& sink) {
  if (sink.bytes.size() > place) co_await net::sleep(std::chrono::milliseconds(300));
}

TEST(StreamFaults, a_read_that_was_overtaken_holds_up_none_of_a_slow_client) {
  auto const store = std::make_shared<MemoryStore>();
  store->hanging_read = 100;
  constexpr std::uint64_t size = 64 * limits::KiB;
  auto const archive =
      make_archive(*store, std::vector<SampleEntry>(115, {Form::stored, size, false}));
  base::Budget budget(MiB);
  CollectingSink sink(0);
  sink.wait = [&] { return wait_behind(97 * size, sink); };
  Streamed const what{.store = store,
                      .archive = archive,
                      .wanted = {0, archive->plan.layout().size()},
                      .budget = &budget};
  net::run_to_end(
      net::with_deadline(stream_into(what, sink), std::chrono::seconds(120), "a stream"));
  EXPECT_EQ(sink.bytes.size(), archive->plan.layout().size());
}

TEST(StreamFaults, a_sink_that_throws_at_any_write_leaves_no_memory_behind) {
  auto const store = std::make_shared<MemoryStore>();
  store->most_turns = 2;
  auto const archive = make_archive(*store, {{Form::stored_blocks, 6 * MiB, false}});
  for (int left = 0; left < 6; left += 2) {
    base::Budget budget(4 * MiB);
    CollectingSink sink(0);
    sink.before_write = [left]() mutable {
      if (left-- == 0) throw Error(Fault::disconnected, "the client has left");
    };
    Streamed const what{.store = store,
                        .archive = archive,
                        .wanted = {0, archive->plan.layout().size()},
                        .budget = &budget};
    EXPECT_THROW(net::run_to_end(stream_into(what, sink)), Error);
    EXPECT_EQ(budget.used_bytes(), 0U);
    EXPECT_EQ(store->reading, 0U);
  }
}

net::task<void> cancel_at_hanging_read(Streamed what, CollectingSink& sink) {
  net::TaskGroup group(co_await net::this_loop());
  group.spawn(stream_into(what, sink));
  while (!what.store->hanging) co_await net::sleep(std::chrono::milliseconds(0));
  for (int turn = 0; turn < 50; ++turn) co_await net::sleep(std::chrono::milliseconds(0));
  EXPECT_GT(what.budget->used_bytes(), 0U);
  group.cancel();
  while (group.running() > 0) co_await net::sleep(std::chrono::milliseconds(0));
}

TEST(StreamFaults, a_cancelled_stream_frees_everything_wherever_it_was) {
  for (std::size_t hanging = 0; hanging < 8; ++hanging) {
    SCOPED_TRACE(testing::Message() << "read " << hanging << " hangs");
    auto const store = std::make_shared<MemoryStore>();
    auto const archive =
        make_archive(*store, {{Form::stored, 10, false}, {Form::stored_blocks, 7 * MiB, false}});
    store->hanging_read = hanging;
    base::Budget budget(4 * MiB);
    CollectingSink sink(0);
    Streamed const what{.store = store,
                        .archive = archive,
                        .wanted = {0, archive->plan.layout().size()},
                        .budget = &budget};
    net::run_to_end(cancel_at_hanging_read(what, sink));
    EXPECT_EQ(budget.used_bytes(), 0U);
    EXPECT_EQ(store->reading, 0U);
    EXPECT_LT(sink.bytes.size(), archive->plan.layout().size());
  }
}

net::task<void> wait_for(net::Event& event, bool& open) {
  while (!open) co_await event.wait();
}

std::uint64_t bytes_read(MemoryStore const& store) {
  std::uint64_t bytes = 0;
  for (MemoryStore::ReadCall const& read : store.reads) bytes += read.size;
  return bytes;
}

// Streams to a client that takes nothing until `meanwhile` is over.
net::task<void> hold_the_sink(Streamed what, CollectingSink& sink,
                              std::function<net::task<void>()> meanwhile) {
  net::Executor const loop = co_await net::this_loop();
  net::Event opened(loop);
  bool open = false;
  sink.wait = [&opened, &open] { return wait_for(opened, open); };
  net::TaskGroup group(loop);
  group.spawn(stream_into(what, sink));
  net::task<void> waiting = meanwhile();
  co_await std::move(waiting);
  open = true;
  opened.notify_all();
  co_await group.wait_all();
}

// Reads leave a third of the budget free while the client takes nothing.
net::task<void> expect_reads_to_stop(MemoryStore& store, base::Budget& budget) {
  for (int turn = 0; turn < 500; ++turn) co_await net::sleep(std::chrono::milliseconds(0));
  EXPECT_GT(store.reads.size(), 1U);
  EXPECT_LE(bytes_read(store), budget.total_bytes() / 3 * 2);
  EXPECT_EQ(store.reading, 0U) << "nobody holds a connection meanwhile";
}

TEST(StreamFaults, a_slow_sink_stops_the_reads) {
  auto const store = std::make_shared<MemoryStore>();
  auto const archive = make_archive(*store, {{Form::stored_blocks, 20 * MiB, false}});
  base::Budget budget(8 * MiB);
  CollectingSink sink(0);
  Streamed const all{.store = store,
                     .archive = archive,
                     .wanted = {0, archive->plan.layout().size()},
                     .budget = &budget};
  net::run_to_end(hold_the_sink(all, sink, [&] { return expect_reads_to_stop(*store, budget); }));
  EXPECT_EQ(sink.bytes.size(), archive->plan.layout().size());
}

// Another client, which needs all of the budget, has it while the first one stands still.
net::task<void> have_all_memory_once(base::Budget& budget) {
  while (budget.used_bytes() < budget.total_bytes() / 2)
    co_await net::sleep(std::chrono::milliseconds(0));
  // The first client keeps the blocks that it has been given and not yet taken.
  auto const taken = co_await net::take(budget, budget.total_bytes() - MiB);
}

TEST(StreamFaults, what_a_client_does_not_take_goes_to_others_and_is_read_again) {
  auto const store = std::make_shared<MemoryStore>();
  std::vector<SampleEntry> const entries{{Form::stored_blocks, 20 * MiB, false},
                                         {Form::stored, MiB, false}};
  auto const archive = make_archive(*store, entries);
  base::Budget budget(8 * MiB);
  CollectingSink sink(0);
  Streamed const all{.store = store,
                     .archive = archive,
                     .wanted = {0, archive->plan.layout().size()},
                     .budget = &budget};
  net::run_to_end(hold_the_sink(all, sink, [&] { return have_all_memory_once(budget); }));
  EXPECT_EQ(sink.bytes, reference_archive(archive->plan, *store));
  EXPECT_GT(bytes_read(*store), 24 * MiB) << "some were read twice";
}

net::task<void> stream_while_a_read_hangs(Streamed what, CollectingSink& sink) {
  net::TaskGroup group(co_await net::this_loop());
  group.spawn(stream_into(what, sink));
  for (int turn = 0; turn < 5000 && sink.bytes.empty(); ++turn)
    co_await net::sleep(std::chrono::milliseconds(1));
  group.cancel();
  while (group.running() > 0) co_await net::sleep(std::chrono::milliseconds(0));
}

TEST(StreamFaults, the_first_bytes_of_a_stream_go_out_at_once) {
  auto const store = std::make_shared<MemoryStore>();
  auto const archive = make_archive(*store, {{Form::stored_blocks, 20 * MiB, false}});
  store->hanging_read = 0;
  store->hanging_after = 1000;
  base::Budget budget(8 * MiB);
  CollectingSink sink(0);
  net::run_to_end(stream_while_a_read_hangs({.store = store,
                                             .archive = archive,
                                             .wanted = {0, archive->plan.layout().size()},
                                             .budget = &budget},
                                            sink));
  std::uint64_t const data = archive->plan.layout().data(0).offset;
  EXPECT_EQ(sink.bytes.size(), data + zip::encoded_offset_of(1000));
}

// Two streams over a budget of two segments, neither of which may keep the other from going on.
net::task<void> stream_two(Streamed a, CollectingSink& to_a, Streamed b, CollectingSink& to_b) {
  net::TaskGroup group(co_await net::this_loop());
  group.spawn(stream_into(a, to_a));
  group.spawn(stream_into(b, to_b));
  co_await group.wait_all();
}

TEST(StreamFaults, streams_share_a_small_budget_and_both_end) {
  auto const store = std::make_shared<MemoryStore>();
  store->most_turns = 3;
  auto const archive =
      make_archive(*store, {{Form::stored_blocks, 5 * MiB, false}, {Form::stored, MiB, false}});
  base::Budget budget(2 * MiB);
  Streamed const what{.store = store,
                      .archive = archive,
                      .wanted = {0, archive->plan.layout().size()},
                      .budget = &budget};
  CollectingSink a(0);
  CollectingSink b(0);
  net::run_to_end(stream_two(what, a, what, b));
  EXPECT_EQ(a.bytes.size(), archive->plan.layout().size());
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_EQ(budget.used_bytes(), 0U);
}

}  // namespace
}  // namespace archive
