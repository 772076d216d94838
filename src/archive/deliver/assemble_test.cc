// Archives assembled as multipart uploads: whole, killed anywhere and gone on with, and with the
// faults that an object store can have on the way.
#include "archive/deliver/assemble.h"

#include "archive/select/own_zips.h"
#include "archive/testing/sample_plans.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/deadline.h"
#include "net/runtime.h"
#include "net/task_group.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace archive {
namespace {

namespace limits = base::limits;
using base::Error;
using base::Fault;
using zip::Form;

net::task<void> keep(std::string& kept, std::string upload_id) {
  kept = std::move(upload_id);
  co_return;
}

net::task<void> assemble_until_hanging(Assembly assembly, std::shared_ptr<MemoryStore> store,
                                       bool& finished) {
  net::TaskGroup group(co_await net::this_loop());
  group.spawn(assemble(std::move(assembly)));
  while (group.running() > 0 && !store->hanging) co_await net::sleep(std::chrono::milliseconds(0));
  finished = group.running() == 0;
  if (!finished) group.cancel();
  while (group.running() > 0) co_await net::sleep(std::chrono::milliseconds(0));
  if (finished) co_await group.wait_all();
}

// A job whose assembly can be begun again and again.
struct TestJob {
  explicit TestJob(std::vector<SampleEntry> const& entries, std::uint64_t part,
                   std::uint32_t seed = 1)
      : store(std::make_shared<MemoryStore>(seed)),
        archive(make_archive(*store, entries)),
        part_bytes(part),
        expected(reference_archive(archive->plan, *store)) {}

  Assembly assembly() {
    return {.archive = archive,
            .store = store,
            .blocks = &blocks,
            .parts = &parts,
            .progress = &progress,
            .target = target,
            .job_id = "job-1",
            .account_id = "account",
            .sources = "digest-1",
            .attributes = {},
            .upload_id = upload_id,
            .part_bytes = part_bytes,
            .begun_before = begun_before,
            .keep_upload = [this](std::string id) { return keep(upload_id, std::move(id)); }};
  }
  void finish() { net::run_to_end(assemble(assembly())); }
  // False if the assembly was killed at a part that hangs.
  bool finish_or_die() {
    bool finished = false;
    store->hanging = false;
    net::run_to_end(assemble_until_hanging(assembly(), store, finished));
    return finished;
  }
  Fault fault() {
    try {
      finish();
    } catch (Error const& error) {
      message = error.what();
      return error.fault();
    }
    return Fault::cancelled;
  }
  void expect_done() {
    ASSERT_TRUE(store->has("bucket", target.key));
    StoredObject const& object = store->at("bucket", target.key);
    EXPECT_TRUE(object.content.text() == expected);
    EXPECT_EQ(object.metadata.at(std::string(job_metadata)), "job-1");
    EXPECT_EQ(object.metadata.at(std::string(sources_metadata)), "digest-1");
    EXPECT_TRUE(store->uploads().empty()) << "nothing is left unfinished";
    EXPECT_EQ(blocks.used_bytes(), 0U);
    EXPECT_EQ(parts.used_bytes(), 0U);
  }
  std::uint64_t part_count() const { return (expected.size() + part_bytes - 1) / part_bytes; }

  std::shared_ptr<MemoryStore> store;
  std::shared_ptr<PlannedArchive> archive;
  std::uint64_t part_bytes;
  std::string expected;
  s3::ObjectName target{"bucket", "out.zip"};
  std::string upload_id;
  bool begun_before = false;
  std::string message;
  base::Budget blocks{4 * limits::MiB};
  base::Budget parts{limits::MiB};
  LiveProgress progress;
};

std::vector<SampleEntry> random_stored(std::mt19937& random) {
  std::vector<SampleEntry> entries =
      random_entries(random, 8, {0, 1, 30, 500, 3000, 70'000}, false);
  for (SampleEntry& entry : entries)
    if (entry.form == Form::stored_blocks) entry.form = Form::stored;
  return entries;
}

TEST(Assemble, random_archives_in_parts_of_any_size_are_whole) {
  for (std::uint32_t seed = 1; seed <= 80; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    TestJob job(random_stored(random), 40 + random() % 3000, seed);
    job.store->most_turns = seed % 5;
    job.finish();
    job.expect_done();
    if (job.part_count() > 1) {
      std::vector<std::uint32_t> numbers = job.store->uploaded;
      std::ranges::sort(numbers);
      EXPECT_EQ(numbers.size(), job.part_count());
      EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end()) << "each part is sent once";
      EXPECT_LE(job.store->most_uploading, 4U);
    }
    if (HasFatalFailure()) return;
  }
}

TEST(Assemble, a_small_zip_does_not_stand_behind_large_ones) {
  TestJob job({{Form::stored, 100, false}}, 1000);
  auto large = job.parts.try_take(limits::MiB / 10 * 9);
  ASSERT_TRUE(large);
  auto const never = [](base::Budget::Grant const&) { ADD_FAILURE() << "it does not fit"; };
  auto const waiting = job.parts.request(limits::MiB / 2, base::Budget::Urgency::can_wait, never);
  job.finish();
  EXPECT_TRUE(job.store->has("bucket", job.target.key));
  job.parts.withdraw(waiting);
}

TEST(Assemble, what_fits_one_part_is_put_in_one_request) {
  TestJob job({{Form::stored, 100, false}}, 1000);
  job.finish();
  job.expect_done();
  EXPECT_EQ(job.store->puts, 1U);
  EXPECT_TRUE(job.store->uploaded.empty());
}

TEST(Assemble, killed_at_any_part_it_goes_on_with_the_missing_ones) {
  std::vector<SampleEntry> const entries{{Form::stored, 3000, false},
                                         {Form::stored, 10, false},
                                         {Form::directory, 0, false},
                                         {Form::stored, 2500, true},
                                         {Form::stored, 1, false}};
  for (std::size_t at = 0;; ++at) {
    SCOPED_TRACE(testing::Message() << "killed at upload " << at);
    TestJob job(entries, 500, static_cast<std::uint32_t>(at + 1));
    job.store->most_turns = 3;
    job.store->hanging_upload = at;
    if (job.finish_or_die()) {
      EXPECT_EQ(at, job.part_count());
      break;
    }
    ASSERT_FALSE(job.upload_id.empty()) << "it was kept before the first part";
    std::string const first_id = job.upload_id;
    auto const there = job.store->uploads().at(first_id).parts;
    job.store->hanging_upload.reset();
    job.store->uploaded.clear();
    job.finish();
    job.expect_done();
    EXPECT_EQ(job.store->uploaded.size(), job.part_count() - there.size());
    for (std::uint32_t const number : job.store->uploaded) EXPECT_FALSE(there.contains(number));
    if (HasFatalFailure()) return;
  }
}

TEST(Assemble, killed_again_and_again_it_still_ends) {
  std::mt19937 random(7);
  TestJob job({{Form::stored, 9000, false}, {Form::stored, 4000, false}}, 300, 7);
  job.store->most_turns = 4;
  int kills = 0;
  for (;; ++kills) {
    job.store->hanging_upload = job.store->uploaded.size() + 3 + random() % 4;
    if (job.finish_or_die()) break;
  }
  EXPECT_GT(kills, 3);
  job.expect_done();
}

TEST(Assemble, an_upload_that_is_gone_had_been_completed_where_the_target_is_ours) {
  TestJob job({{Form::stored, 3000, false}}, 1000);
  job.finish();
  job.store->uploaded.clear();
  job.upload_id = "gone";
  job.finish();
  EXPECT_TRUE(job.store->uploaded.empty());
  job.expect_done();
}

TEST(Assemble, an_upload_that_is_gone_is_begun_anew_where_the_target_is_not_ours) {
  for (int const variant : {0, 1, 2}) {
    SCOPED_TRACE(variant);
    TestJob job({{Form::stored, 3000, false}}, 1000);
    job.upload_id = "gone";
    std::uint64_t const size = job.expected.size() - (variant == 1 ? 1 : 0);
    if (variant > 0) {
      StoredObject& other = job.store->put("bucket", "out.zip", Content::computed(size, 9));
      other.metadata[std::string(job_metadata)] = variant == 1 ? "job-1" : "job-2";
    }
    job.finish();
    job.expect_done();
    EXPECT_EQ(job.store->uploaded.size(), job.part_count());
    EXPECT_NE(job.upload_id, "gone");
  }
}

TEST(Assemble, a_part_of_a_wrong_size_is_sent_again) {
  TestJob job({{Form::stored, 3000, false}}, 1000);
  job.upload_id = "earlier";
  std::map<std::uint32_t, std::string> parts;
  parts[1] = job.expected.substr(0, 1000);
  parts[2] = job.expected.substr(1000, 999);
  job.store->uploads()["earlier"] = {
      {"bucket", "out.zip"},
      {{std::string(job_metadata), "job-1"}, {std::string(sources_metadata), "digest-1"}},
      parts};
  job.finish();
  job.expect_done();
  std::ranges::sort(job.store->uploaded);
  EXPECT_EQ(job.store->uploaded, (std::vector<std::uint32_t>{2, 3, 4}));
}

TEST(Assemble, a_part_that_the_store_has_cut_short_is_found_before_complete) {
  TestJob job({{Form::stored, 3000, false}}, 1000);
  job.store->short_part = 2;
  EXPECT_EQ(job.fault(), Fault::corrupt);
  EXPECT_NE(job.message.find("999 bytes of part 2"), std::string::npos) << job.message;
  EXPECT_FALSE(job.store->has("bucket", "out.zip"));
}

TEST(Assemble, a_lost_answer_to_complete_is_made_up_for_by_looking) {
  TestJob job({{Form::stored, 3000, false}}, 1000);
  job.store->lose_complete_answer = true;
  job.finish();
  job.expect_done();
}

TEST(Assemble, an_upload_whose_id_got_lost_is_aborted_where_the_key_is_the_jobs_own) {
  TestJob job({{.size = 5000}}, 1000);
  job.target.key = "s3zipper/job-1.zip";
  job.store->lose_create_answer = true;
  job.finish();
  job.expect_done();

  TestJob killed({{.size = 5000}}, 1000);
  killed.target.key = "s3zipper/job-1.zip";
  killed.store->uploads()["never kept"] = {killed.target, {}, {}};
  killed.begun_before = true;
  killed.finish();
  killed.expect_done();

  TestJob chosen({{.size = 5000}}, 1000);
  chosen.store->lose_create_answer = true;
  chosen.finish();
  EXPECT_EQ(chosen.store->uploads().size(), 1U) << "it may be somebody else's";
}

TEST(Assemble, credentials_that_may_not_read_the_target_suffice) {
  TestJob job({{Form::stored, 3000, false}}, 1000);
  job.store->forbid_heads_of_archives = true;
  job.finish();
  job.expect_done();
  TestJob unsure({{Form::stored, 3000, false}}, 1000);
  unsure.store->forbid_heads_of_archives = true;
  unsure.store->lose_complete_answer = true;
  EXPECT_EQ(unsure.fault(), Fault::forbidden) << "here nobody has said that it is done";
}

TEST(Assemble, a_refused_part_or_read_ends_it_without_an_object) {
  for (std::size_t at = 0; at < 4; ++at) {
    TestJob job({{Form::stored, 3000, false}}, 1000);
    job.store->most_turns = 2;
    job.store->failing_upload = at;
    EXPECT_EQ(job.fault(), Fault::unavailable);
    EXPECT_FALSE(job.store->has("bucket", "out.zip"));
    EXPECT_EQ(job.parts.used_bytes(), 0U);
    EXPECT_EQ(job.blocks.used_bytes(), 0U);
  }
  TestJob job({{Form::stored, 3000, false}}, 1000);
  job.store->failing_read = 0;
  EXPECT_EQ(job.fault(), Fault::unavailable);
  EXPECT_FALSE(job.store->has("bucket", "out.zip"));
}

// All of the job's memory of parts but for this many bytes is another's, while this lives.
base::Budget::Grant leave_only(base::Budget& parts, std::uint64_t bytes) {
  return parts.try_take(parts.total_bytes() - parts.reserve_bytes() - bytes).value();
}

TEST(Assemble, any_archive_can_be_made_with_the_memory_of_one_part) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<SampleEntry> entries = random_stored(random);
    entries.push_back({Form::stored, 90'000, false});  // too large for the reserve
    TestJob job(entries, 2000 + random() % 40'000, seed);
    job.store->most_turns = seed % 5;
    auto others = leave_only(job.parts, job.part_bytes);
    job.finish();
    others = {};
    job.expect_done();
    std::vector<std::uint32_t> numbers = job.store->uploaded;
    std::ranges::sort(numbers);
    EXPECT_EQ(numbers.size(), job.part_count());
    EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end()) << "each part is sent once";
    EXPECT_EQ(job.store->most_uploading, 1U);
    EXPECT_EQ(job.progress.bytes_done, job.archive->plan.source_bytes());
    EXPECT_EQ(job.progress.entries_done, job.archive->plan.entry_count());
    if (HasFatalFailure()) return;
  }
}

net::task<void> assemble_all(std::vector<Assembly> assemblies) {
  net::TaskGroup group(co_await net::this_loop());
  for (Assembly& one : assemblies) group.spawn(assemble(std::move(one)));
  co_await group.wait_all();
}

TEST(Assemble, many_at_once_share_the_memory_of_a_few_parts) {
  constexpr std::uint64_t part = 30'000;
  std::vector<std::unique_ptr<TestJob>> jobs;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    std::vector<SampleEntry> const entries{
        {Form::stored, 100'000, false}, {Form::stored, 5, false}, {Form::stored, 70'000, false}};
    jobs.push_back(std::make_unique<TestJob>(entries, part, seed));
    jobs.back()->store->most_turns = seed % 4;
  }
  base::Budget& shared = jobs.front()->parts;
  auto others = leave_only(shared, 3 * part);
  std::vector<Assembly> assemblies;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    assemblies.push_back(jobs[i]->assembly());
    assemblies.back().parts = &shared;
    assemblies.back().account_id = std::to_string(i % 3);
  }
  net::run_to_end(assemble_all(std::move(assemblies)));
  others = {};
  for (auto const& job : jobs) job->expect_done();
}

net::task<void> let_the_other_end(Assembly stalled, Assembly other) {
  net::TaskGroup group(co_await net::this_loop());
  group.spawn(assemble(std::move(stalled)));
  for (int turns = 0; turns < 100; ++turns) co_await net::sleep(std::chrono::milliseconds(0));
  co_await assemble(std::move(other));
  group.cancel();
  while (group.running() > 0) co_await net::sleep(std::chrono::milliseconds(0));
}

TEST(Assemble, one_whose_object_stalls_keeps_no_memory_from_others) {
  std::vector<SampleEntry> const entries{{Form::stored, 100'000, false}};
  TestJob stalled(entries, 30'000);
  TestJob other(entries, 30'000, 2);
  stalled.store->hanging_read = 0;
  stalled.store->hanging_after = 1000;
  auto others = leave_only(stalled.parts, 30'000);
  Assembly second = other.assembly();
  second.parts = &stalled.parts;
  net::run_to_end(let_the_other_end(stalled.assembly(), std::move(second)));
  others = {};
  other.expect_done();
}

TEST(Assemble, a_budget_that_holds_no_part_is_named) {
  TestJob job({{Form::stored, 2'400'000, false}}, 1'200'000);
  EXPECT_EQ(job.fault(), Fault::too_large);
  EXPECT_NE(job.message.find("memory.budget"), std::string::npos) << job.message;
  EXPECT_TRUE(job.store->uploaded.empty());
  TestJob one_part({{Form::stored, 900'000, false}}, 4'000'000);
  one_part.finish();
  one_part.expect_done();
}

TEST(Assemble, parts_are_8_MiB_or_what_10000_of_them_need) {
  constexpr std::uint64_t MiB = limits::MiB;
  struct Case {
    std::uint64_t archive;
    std::uint64_t part;
  };
  for (Case const& one : {Case{22, 8 * MiB}, Case{8 * MiB + 1, 8 * MiB},
                          Case{80'000 * MiB, 8 * MiB}, Case{80'000 * MiB + 1, 9 * MiB},
                          Case{90'000 * MiB, 9 * MiB}, Case{50'000'000 * MiB, 5'000 * MiB}}) {
    EXPECT_EQ(choose_part_bytes(one.archive), one.part) << one.archive;
    EXPECT_LE((one.archive + one.part - 1) / one.part, limits::max_parts);
  }
}

}  // namespace
}  // namespace archive
